// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.ModelFile;
import java.util.Arrays;

/// `qwen2vl`: Qwen2-VL and Qwen2.5-VL. As Qwen 2, with M-RoPE: a row has positions in time, row and
/// column (the fourth is not used), and each turns the pairs of its section.
final class Qwen2VlFamily implements TextFamily {
  private static final String SECTIONS = "qwen2vl.rope.dimension_sections";
  private static final int POSITION_COUNT = 4;

  @Override
  public String architecture() {
    return "qwen2vl";
  }

  @Override
  public TextModel read(ModelFile file, TextConfig config) {
    var sections = sections(file.metadata(), config);
    var b = new DecoderBuilder(file, config, POSITION_COUNT);
    return LlamaBlocks.plain(config)
        .model(file, config, b, b.rotation(Op.Rope.Style.HALVES, sections));
  }

  private static Op.Rope.Sections sections(Metadata metadata, TextConfig config) {
    int[] named = metadata.integers(SECTIONS);
    int[] counts = Arrays.copyOf(named, POSITION_COUNT); // files name three or four
    int pairCount = config.ropeLength() / 2;
    if (named.length < 3
        || named.length > POSITION_COUNT
        || Arrays.stream(counts).anyMatch(n -> n < 0 || n > pairCount)) {
      throw new ModelFormatException(
          "%s: metadata key '%s': expected 3 or 4 numbers from 0 to %d, got %s"
              .formatted(metadata.source(), SECTIONS, pairCount, Arrays.toString(named)));
    }
    if (Arrays.stream(counts).sum() != pairCount) {
      throw new UnsupportedModelException(
          "%s: metadata key '%s': sections %s of other than the %d pairs of a head are not supported"
              .formatted(metadata.source(), SECTIONS, Arrays.toString(named), pairCount));
    }
    return new Op.Rope.Sections(Arrays.stream(counts).boxed().toList(), false);
  }
}
