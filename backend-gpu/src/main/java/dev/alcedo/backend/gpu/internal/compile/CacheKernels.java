// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.runtime.api.tensor.DType;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How kernels read and write a KV cache of one dtype. A new one is a line here and a `kv_*.cl`.
///
/// @param program the source that does it
/// @param unit elements that are stored together, of which a head's length is a multiple
record CacheKernels(String program, int unit) {
  private static final Map<DType, CacheKernels> ALL =
      Map.of(
          DType.F32, new CacheKernels("kv_f32", 1),
          DType.F16, new CacheKernels("kv_f16", 1),
          DType.Q8_0, new CacheKernels("kv_q8_0", DType.Q8_0.blockLength()));

  /// Those that there are.
  static final Set<DType> DTYPES = ALL.keySet();

  static CacheKernels of(DType dtype) {
    return Optional.ofNullable(ALL.get(dtype))
        .orElseThrow(() -> new IllegalArgumentException("no KV cache of " + dtype));
  }
}
