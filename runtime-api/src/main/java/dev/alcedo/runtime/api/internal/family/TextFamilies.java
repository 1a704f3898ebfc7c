// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.ModelFile;
import java.util.List;
import java.util.stream.Collectors;

/// The list of families; a new one is one class and one line here.
public final class TextFamilies {
  private static final List<TextFamily> ALL =
      List.of(
          new LlamaFamily("llama", Op.Rope.Style.INTERLEAVED),
          new LlamaFamily("internlm2", Op.Rope.Style.INTERLEAVED),
          new LlamaFamily("granite", Op.Rope.Style.INTERLEAVED),
          new LlamaFamily("qwen2", Op.Rope.Style.HALVES),
          new Qwen3Family(),
          new Gemma3Family(),
          new Phi3Family());

  private TextFamilies() {}

  /// Reads a text model of whatever family the file says.
  ///
  /// @throws UnsupportedModelException if the family is not one of ours; lists those known
  public static TextModel read(ModelFile file) {
    String architecture = file.metadata().architecture();
    for (TextFamily family : ALL) {
      if (family.architecture().equals(architecture)) {
        return family.read(file);
      }
    }
    String known =
        ALL.stream().map(TextFamily::architecture).sorted().collect(Collectors.joining(", "));
    if (architecture.equals("clip")) {
      throw new UnsupportedModelException(
          "%s is an image encoder (architecture 'clip'), not a text model: give it as --mmproj"
              .formatted(file.metadata().source()));
    }
    throw new UnsupportedModelException(
        "%s: architecture '%s' is not supported; known: %s"
            .formatted(file.metadata().source(), architecture, known));
  }
}
