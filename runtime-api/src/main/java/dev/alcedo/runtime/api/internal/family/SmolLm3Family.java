// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.ModelFile;

/// `smollm3`: [LlamaBlocks] in which the heads of every fourth block do not turn.
final class SmolLm3Family implements TextFamily {
  private static final int STILL = 4;

  @Override
  public String architecture() {
    return "smollm3";
  }

  @Override
  public TextModel read(ModelFile file, TextConfig config) {
    return new LlamaBlocks(LlamaBlocks.Scales.none(config), block -> (block + 1) % STILL != 0)
        .model(file, config, Op.Rope.Style.INTERLEAVED);
  }
}
