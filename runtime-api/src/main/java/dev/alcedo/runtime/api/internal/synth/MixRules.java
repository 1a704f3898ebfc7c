// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.synth;

import dev.alcedo.runtime.api.WeightMix;
import dev.alcedo.runtime.api.tensor.DType;

/// Which dtype a matrix of a text model gets, by the rules of llama.cpp's quantiser
/// (`src/llama-quant.cpp`, without an importance matrix): `output` and some of `attn_v` and
/// `ffn_down` get more bits.
///
/// @param mix which rules
/// @param blockCount transformer layers
/// @param headsPerKv query heads that share a key/value head
/// @param isTied whether the embedding matrix is the output matrix too
record MixRules(WeightMix mix, int blockCount, int headsPerKv, boolean isTied) {
  /// The dtype of a matrix in no block: `token_embd` or `output`.
  DType end(boolean isOutput, int cols) {
    DType main = mix.type().main();
    boolean isRaised = isOutput || isTied;
    if (mix.isPure() || !main.isQuantised() || !isRaised) {
      return fitting(main, cols);
    }
    if (cols % DType.Q6_K.blockLength() != 0) {
      return fitting(DType.Q8_0, cols);
    }
    return main == DType.Q8_0 ? main : DType.Q6_K;
  }

  /// The dtype of a matrix in block `block`.
  ///
  /// @param role as in its name, e.g. `attn_v`
  DType inBlock(String role, int block, int cols) {
    DType main = mix.type().main();
    if (mix.isPure()) {
      return fitting(main, cols);
    }
    DType wanted =
        switch (role) {
          case "attn_v" -> valueType(block, main);
          case "ffn_down" -> downType(block, main);
          case "attn_output" -> attentionOutputType(main);
          default -> main;
        };
    return fitting(wanted, cols);
  }

  private DType valueType(int block, DType main) {
    return switch (mix.type()) {
      case Q2_K -> headsPerKv >= 4 ? DType.Q4_K : DType.Q3_K;
      case IQ4_NL -> headsPerKv >= 4 ? DType.Q5_K : main;
      case Q3_K_M -> block < 2 ? DType.Q5_K : DType.Q4_K;
      case Q3_K_L -> DType.Q5_K;
      case Q4_K_S -> block < 4 ? DType.Q5_K : main;
      case Q4_K_M, Q5_K_M -> getsMoreBits(block) ? DType.Q6_K : main;
      default -> main;
    };
  }

  private DType downType(int block, DType main) {
    return switch (mix.type()) {
      case Q2_K -> DType.Q3_K;
      case Q3_K_M -> block < blockCount / 16 ? DType.Q5_K : DType.Q4_K;
      case Q3_K_L -> DType.Q5_K;
      case Q4_K_S, IQ4_NL -> block < blockCount / 8 ? DType.Q5_K : main;
      case Q4_K_M, Q5_K_M -> getsMoreBits(block) ? DType.Q6_K : main;
      default -> main;
    };
  }

  private DType attentionOutputType(DType main) {
    return switch (mix.type()) {
      case Q2_K -> DType.Q3_K;
      case Q3_K_M -> DType.Q4_K;
      case Q3_K_L -> DType.Q5_K;
      default -> main;
    };
  }

  // The first and last eighth of the blocks, and every third between.
  private boolean getsMoreBits(int block) {
    int eighth = blockCount / 8;
    return block < eighth || block >= 7 * blockCount / 8 || (block - eighth) % 3 == 2;
  }

  /// `dtype`, or what stands in for it where rows are no whole number of its blocks.
  static DType fitting(DType dtype, int cols) {
    DType smaller =
        switch (dtype) {
          case Q2_K, Q3_K -> DType.Q4_0;
          case Q4_K -> DType.Q5_0;
          case Q5_K -> DType.Q5_1;
          case Q6_K -> DType.Q8_0;
          default -> dtype;
        };
    if (cols % dtype.blockLength() == 0) {
      return dtype;
    }
    return cols % smaller.blockLength() == 0 ? smaller : DType.F16;
  }
}
