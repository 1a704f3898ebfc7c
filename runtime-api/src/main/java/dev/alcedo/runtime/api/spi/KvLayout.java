// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import dev.alcedo.runtime.api.tensor.DType;
import java.util.List;

/// What one position of a KV cache holds.
///
/// @param dtype one of [#DTYPES]
/// @param layerCount layers that have keys and values
/// @param headCountKv key/value heads of each layer
/// @param headLength elements of one head, keys and values alike
public record KvLayout(DType dtype, int layerCount, int headCountKv, int headLength) {
  /// Types that a cache can have: F16, Q8_0 (the paper's 8-bit cache: each head of a position is
  /// rounded to blocks of 32 codes with a scale), and F32, which tests use.
  public static final List<DType> DTYPES = List.of(DType.F16, DType.Q8_0, DType.F32);

  /// Checks the type.
  ///
  /// @throws IllegalArgumentException if no cache has this type, or heads are no whole blocks of it
  public KvLayout {
    if (!DTYPES.contains(dtype) || headLength % dtype.blockLength() != 0) {
      throw new IllegalArgumentException(
          "KV cache: expected one of %s whose blocks divide heads of %d elements, got %s"
              .formatted(DTYPES, headLength, dtype));
    }
  }

  /// Bytes of keys and values for one position over all layers.
  public long bytesPerPosition() {
    return 2L * layerCount * headCountKv * dtype.bytes(headLength);
  }
}
