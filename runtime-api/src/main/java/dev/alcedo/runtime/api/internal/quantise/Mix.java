// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.quantise;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What a file can be made of: a type for most weights, and more bits for those that suffer most.
/// Names, numbers and rules are llama.cpp's (`llama_ftype`, `llama_tensor_get_type_impl` without an
/// importance matrix), so that a file made here and one made there have the same layout. A rule of
/// theirs for models of 80 blocks and for mixtures of experts is left out.
enum Mix {
  F32(DType.F32, 0),
  F16(DType.F16, 1),
  BF16(DType.BF16, 32),
  Q8_0(DType.Q8_0, 7),
  Q4_0(DType.Q4_0, 2),
  Q4_1(DType.Q4_1, 3),
  Q5_0(DType.Q5_0, 8),
  Q5_1(DType.Q5_1, 9),
  Q4_K_S(DType.Q4_K, 14),
  Q4_K_M(DType.Q4_K, 15),
  Q5_K_S(DType.Q5_K, 16),
  Q5_K_M(DType.Q5_K, 17),
  Q6_K(DType.Q6_K, 18);

  private final DType dtype;
  private final int fileType;

  Mix(DType dtype, int fileType) {
    this.dtype = dtype;
    this.fileType = fileType;
  }

  /// The type of most weights.
  DType dtype() {
    return dtype;
  }

  /// The number that `general.file_type` has for it.
  int fileType() {
    return fileType;
  }

  /// The mix called `name`, in any case; `Q4_K` and `Q5_K` are the mixes ending in `_M`.
  ///
  /// @throws InvalidRequestException if there is none; names those known
  static Mix of(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    String full = upper.equals("Q4_K") || upper.equals("Q5_K") ? upper + "_M" : upper;
    return Arrays.stream(values())
        .filter(mix -> mix.name().equals(full))
        .findFirst()
        .orElseThrow(() ->
            new InvalidRequestException(
                "type: expected one of %s, Q4_K (that is Q4_K_M), Q5_K (Q5_K_M), got '%s'"
                    .formatted(
                        Arrays.stream(values()).map(Mix::name).collect(Collectors.joining(", ")),
                        name)));
  }

  /// The type of one weight.
  ///
  /// @param role what it does
  /// @param block of how many `blockCount` it is in, from 0
  /// @param cols length of its rows
  DType dtype(TensorRole role, int block, int blockCount, int cols) {
    return switch (role) {
      case OUTPUT -> output(cols);
      case VALUE -> value(block, blockCount);
      case FFN_DOWN -> ffnDown(block, blockCount);
      case OTHER -> dtype;
    };
  }

  private DType output(int cols) {
    if (!dtype.isQuantised() || dtype == DType.Q8_0) {
      return dtype;
    }
    // Rows too short for the type are too short for Q6_K as well.
    return cols % dtype.blockLength() != 0 ? DType.Q8_0 : DType.Q6_K;
  }

  private DType value(int block, int blockCount) {
    return switch (this) {
      case Q4_K_M, Q5_K_M -> hasMoreBits(block, blockCount) ? DType.Q6_K : dtype;
      case Q4_K_S -> block < 4 ? DType.Q5_K : dtype;
      default -> dtype;
    };
  }

  private DType ffnDown(int block, int blockCount) {
    return switch (this) {
      case Q4_K_M, Q5_K_M -> hasMoreBits(block, blockCount) ? DType.Q6_K : dtype;
      case Q4_K_S -> block < blockCount / 8 ? DType.Q5_K : dtype;
      default -> dtype;
    };
  }

  /// The first and the last eighth of the blocks, and every third of those between.
  private static boolean hasMoreBits(int block, int blockCount) {
    int eighth = blockCount / 8;
    return block < eighth || block >= 7 * blockCount / 8 || (block - eighth) % 3 == 2;
  }
}
