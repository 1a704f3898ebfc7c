// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// A real model file with some keys and tensors changed or taken away.
final class EditedFile implements ModelFile {
  private final ModelFile whole;
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Map<String, TensorView> tensors;

  EditedFile(ModelFile whole) {
    this.whole = whole;
    whole.metadata().keys().forEach(key -> values.put(key, whole.metadata().value(key)));
    tensors = new LinkedHashMap<>(whole.tensors());
  }

  EditedFile with(String key, Object value) {
    values.put(key, value);
    return this;
  }

  EditedFile without(String keyOrTensor) {
    values.remove(keyOrTensor);
    tensors.remove(keyOrTensor);
    return this;
  }

  EditedFile with(String tensor, TensorView view) {
    tensors.put(tensor, view);
    return this;
  }

  @Override
  public Path path() {
    return whole.path();
  }

  @Override
  public Metadata metadata() {
    return new Metadata("edited.gguf", values);
  }

  @Override
  public Map<String, TensorView> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    whole.close();
  }
}
