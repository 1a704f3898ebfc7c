// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.internal.gguf.GgufFile;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.testkit.ToyText;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// A toy text model whose keys and tensors a test changes.
final class EditableFile implements ModelFile {
  private final GgufFile file;
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Map<String, TensorView> tensors;

  EditableFile(Path folder) {
    file = GgufFile.open(ToyText.small(DType.F32).writeTo(folder.resolve("toy.gguf")));
    file.metadata().keys().forEach(k -> values.put(k, file.metadata().value(k)));
    tensors = new LinkedHashMap<>(file.tensors());
  }

  EditableFile set(String key, Object value) {
    values.put(key, value);
    return this;
  }

  EditableFile remove(String key) {
    values.remove(key);
    tensors.remove(key);
    return this;
  }

  /// A zero tensor, in place of the one with this name.
  EditableFile tensor(String name, DType dtype, int... dims) {
    Shape shape = Shape.of(dims);
    byte[] zeros = new byte[Math.toIntExact(dtype.bytes(shape.elementCount()))];
    tensors.put(name, new TensorView(dtype, shape, MemorySegment.ofArray(zeros)));
    return this;
  }

  /// Renames all keys of `llama` for another architecture.
  EditableFile architecture(String name) {
    Map<String, Object> old = new LinkedHashMap<>(values);
    values.clear();
    old.forEach((k, v) -> values.put(k.replaceFirst("^llama\\.", name + "."), v));
    return set("general.architecture", name);
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public Metadata metadata() {
    return new Metadata("toy.gguf", values);
  }

  @Override
  public Map<String, TensorView> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    file.close();
  }
}
