// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.family;

import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.ModelFile;

/// Families that are [LlamaBlocks] as they stand.
///
/// * `llama`: Llama 2 and 3, Mistral (whose sliding window is not applied, as in llama.cpp),
///   TinyLlama, SmolLM2 and what else took its shape, Alcedo-Tiny included. Rotary pairs are
///   neighbours (q and k are permuted on conversion); Llama 3's divisors come as
///   `rope_freqs.weight`.
/// * `internlm2`: the same with other numbers.
/// * `qwen2`: rotary pairs are halves; q, k and v have biases.
record LlamaFamily(String architecture, Op.Rope.Style style) implements TextFamily {
  @Override
  public TextModel read(ModelFile file, TextConfig config) {
    return LlamaBlocks.plain(config).model(file, config, style);
  }
}
