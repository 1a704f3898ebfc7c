// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.ModelFile;
import java.util.List;

/// The list of families; a new one is one class and one line here.
public final class TextFamilies {
  private static final List<TextFamily> ALL =
      List.of(
          new LlamaFamily("llama", Op.Rope.Style.INTERLEAVED),
          new LlamaFamily("internlm2", Op.Rope.Style.INTERLEAVED),
          new LlamaFamily("qwen2", Op.Rope.Style.HALVES),
          new GraniteFamily(),
          new MiniCpmFamily(),
          new SmolLm3Family(),
          new Qwen2VlFamily(),
          new Qwen3Family(),
          new Gemma3Family(),
          new Phi3Family());

  private TextFamilies() {}

  /// The architectures of all families, in alphabetical order.
  public static List<String> known() {
    return ALL.stream().map(TextFamily::architecture).sorted().toList();
  }

  /// Reads a text model of whatever family the file says.
  ///
  /// @param sessionLength positions of a session; 0 lets the model say, see [TextConfig]
  /// @throws UnsupportedModelException if the family is not one of ours; lists those known
  public static TextModel read(ModelFile file, int sessionLength) {
    TextFamily family = family(file.metadata());
    return family.read(file, TextConfig.read(file.metadata(), sessionLength));
  }

  /// The hyper-parameters of a text model of whatever family the metadata say, without a look at
  /// its tensors.
  ///
  /// @throws UnsupportedModelException if the family is not one of ours; lists those known
  public static TextConfig config(Metadata metadata, int sessionLength) {
    family(metadata);
    return TextConfig.read(metadata, sessionLength);
  }

  private static TextFamily family(Metadata metadata) {
    String architecture = metadata.architecture();
    for (TextFamily family : ALL) {
      if (family.architecture().equals(architecture)) {
        requireDense(metadata);
        return family;
      }
    }
    if (architecture.equals("clip")) {
      throw new UnsupportedModelException(
          "%s is an image encoder (architecture 'clip'), not a text model: give it as --mmproj"
              .formatted(metadata.source()));
    }
    throw new UnsupportedModelException(
        "%s: architecture '%s' is not supported; known: %s"
            .formatted(metadata.source(), architecture, String.join(", ", known())));
  }

  private static void requireDense(Metadata metadata) {
    String key = metadata.architecture() + ".expert_count";
    int expertCount = metadata.integer(key, 0, 4096, 0);
    if (expertCount > 0) {
      throw new UnsupportedModelException(
          "%s: %s with %d experts (mixture of experts) is not supported; dense models are"
              .formatted(metadata.source(), metadata.architecture(), expertCount));
    }
  }
}
