// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.tensor;

import java.util.Optional;

/// Element types of tensors, with ggml's numbers, block lengths and block sizes (ggml.h, `enum
/// ggml_type`). That a type is listed says that its size is known; whether a backend computes with
/// it is the backend's answer.
public enum DType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q8_1(9, 32, 36),
  Q2_K(10, 256, 84),
  Q3_K(11, 256, 110),
  Q4_K(12, 256, 144),
  Q5_K(13, 256, 176),
  Q6_K(14, 256, 210),
  Q8_K(15, 256, 292),
  IQ2_XXS(16, 256, 66),
  IQ2_XS(17, 256, 74),
  IQ3_XXS(18, 256, 98),
  IQ1_S(19, 256, 50),
  IQ4_NL(20, 32, 18),
  IQ3_S(21, 256, 110),
  IQ2_S(22, 256, 82),
  IQ4_XS(23, 256, 136),
  I8(24, 1, 1),
  I16(25, 1, 2),
  I32(26, 1, 4),
  I64(27, 1, 8),
  F64(28, 1, 8),
  IQ1_M(29, 256, 56),
  BF16(30, 1, 2),
  TQ1_0(34, 256, 54),
  TQ2_0(35, 256, 66),
  MXFP4(39, 32, 17);

  private static final DType[] BY_GGML_ID = byGgmlId();

  private final int ggmlId;
  private final int blockLength;
  private final int blockBytes;

  DType(int ggmlId, int blockLength, int blockBytes) {
    this.ggmlId = ggmlId;
    this.blockLength = blockLength;
    this.blockBytes = blockBytes;
  }

  /// The number that GGUF files use for this type.
  public int ggmlId() {
    return ggmlId;
  }

  /// Elements in one quant block; 1 for plain types. A row is a whole number of blocks.
  public int blockLength() {
    return blockLength;
  }

  /// Bytes of one quant block, scales included.
  public int blockBytes() {
    return blockBytes;
  }

  /// Whether elements come in blocks with shared scales.
  public boolean isQuantised() {
    return blockLength > 1;
  }

  /// Bytes of `elementCount` elements.
  ///
  /// @throws IllegalArgumentException if the count is negative or not a whole number of blocks
  /// @throws ArithmeticException if the result exceeds 2^63 - 1
  public long bytes(long elementCount) {
    if (elementCount < 0 || elementCount % blockLength != 0) {
      throw new IllegalArgumentException(
          "%d elements are not a whole number of %s blocks of %d"
              .formatted(elementCount, this, blockLength));
    }
    return Math.multiplyExact(elementCount / blockLength, (long) blockBytes);
  }

  /// The type with ggml's number `id`, or empty if there is none that we know.
  public static Optional<DType> ofGgmlId(long id) {
    return id < 0 || id >= BY_GGML_ID.length
        ? Optional.empty()
        : Optional.ofNullable(BY_GGML_ID[(int) id]);
  }

  private static DType[] byGgmlId() {
    var table = new DType[64];
    for (DType dtype : values()) {
      table[dtype.ggmlId] = dtype;
    }
    return table;
  }
}
