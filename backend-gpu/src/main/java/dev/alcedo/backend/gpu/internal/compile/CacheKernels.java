// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.runtime.api.tensor.DType;

/// How kernels read and write a KV cache of one dtype. A new one is a line here and a `kv_*.cl`.
///
/// @param program the source that does it
/// @param unit elements that are stored together, of which a head's length is a multiple
record CacheKernels(String program, int unit) {
  static CacheKernels of(DType dtype) {
    return switch (dtype) {
      case F32 -> new CacheKernels("kv_f32", 1);
      case F16 -> new CacheKernels("kv_f16", 1);
      default -> throw new IllegalArgumentException("no KV cache of " + dtype);
    };
  }
}
