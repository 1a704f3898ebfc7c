// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.quantise;

import dev.alcedo.runtime.api.WeightMix;
import dev.alcedo.runtime.api.tensor.DType;

/// Which dtype each weight of a mix gets: more bits for those that suffer most. The rules are
/// llama.cpp's (`llama_tensor_get_type_impl` and `tensor_type_fallback` in `src/llama-quant.cpp`,
/// without an importance matrix), so that files made here and there have the same layout. Theirs
/// for models of 80 blocks and for mixtures of experts are left out.
///
/// @param mix which rules
/// @param blockCount transformer layers
/// @param valueCount weights of [TensorRole#VALUE]
/// @param headsPerKv query heads that share a key/value head
public record MixRules(WeightMix mix, int blockCount, int valueCount, int headsPerKv) {
  /// The dtype that is meant for a weight; [#fitting] says what its rows allow.
  ///
  /// @param block that it is in, from 0
  /// @param cols length of its rows
  public DType meant(TensorRole role, int block, int cols) {
    DType main = mix.type().main();
    if (mix.isPure()) {
      return main;
    }
    return switch (role) {
      case OUTPUT -> output(main, cols);
      case VALUE -> value(block, main);
      case FFN_DOWN -> ffnDown(block, main);
      case ATTN_OUTPUT -> attnOutput(main);
      case OTHER -> main;
    };
  }

  private static DType output(DType main, int cols) {
    if (!main.isQuantised() || main == DType.Q8_0) {
      return main;
    }
    // Rows too short for the type are too short for Q6_K as well.
    return cols % main.blockLength() != 0 ? DType.Q8_0 : DType.Q6_K;
  }

  private DType value(int block, DType main) {
    return switch (mix.type()) {
      case Q2_K -> headsPerKv >= 4 ? DType.Q4_K : DType.Q3_K;
      case IQ4_NL -> headsPerKv >= 4 ? DType.Q5_K : main;
      case Q3_K_M -> block < 2 ? DType.Q5_K : DType.Q4_K;
      case Q3_K_L -> DType.Q5_K;
      case Q4_K_S -> block < 4 ? DType.Q5_K : main;
      case Q4_K_M, Q5_K_M -> getsMoreBits(block, valueCount) ? DType.Q6_K : main;
      default -> main;
    };
  }

  private DType ffnDown(int block, DType main) {
    return switch (mix.type()) {
      case Q2_K -> DType.Q3_K;
      case Q3_K_M -> block < blockCount / 16 ? DType.Q5_K : DType.Q4_K;
      case Q3_K_L -> DType.Q5_K;
      case Q4_K_S, IQ4_NL -> block < blockCount / 8 ? DType.Q5_K : main;
      case Q4_K_M, Q5_K_M -> getsMoreBits(block, blockCount) ? DType.Q6_K : main;
      default -> main;
    };
  }

  private DType attnOutput(DType main) {
    return switch (mix.type()) {
      case Q2_K -> DType.Q3_K;
      case Q3_K_M -> DType.Q4_K;
      case Q3_K_L -> DType.Q5_K;
      default -> main;
    };
  }

  /// The first and the last eighth of the blocks, and every third of those between.
  private static boolean getsMoreBits(int block, int count) {
    int eighth = count / 8;
    return block < eighth || block >= 7 * count / 8 || (block - eighth) % 3 == 2;
  }

  /// `dtype`, or what takes its place where rows of `cols` are no whole number of its blocks.
  public static DType fitting(DType dtype, int cols) {
    if (cols % dtype.blockLength() == 0) {
      return dtype;
    }
    DType smaller =
        switch (dtype) {
          case Q2_K, Q3_K -> DType.Q4_0;
          case Q4_K -> DType.Q5_0;
          case Q5_K -> DType.Q5_1;
          case Q6_K -> DType.Q8_0;
          default -> DType.F16;
        };
    return cols % smaller.blockLength() == 0 ? smaller : DType.F16;
  }
}
