// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import dev.alcedo.runtime.api.tensor.DType;

/// What one position of a KV cache holds.
///
/// @param dtype F16 (F32 in tests)
/// @param layerCount layers that have keys and values
/// @param headCountKv key/value heads of each layer
/// @param headLength elements of one head, keys and values alike
public record KvLayout(DType dtype, int layerCount, int headCountKv, int headLength) {
  /// Bytes of keys and values for one position over all layers.
  public long bytesPerPosition() {
    return 2L * layerCount * headCountKv * dtype.bytes(headLength);
  }
}
