// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.tensor.TensorView;

/// Memory between graphs for pictures of any size. It is heap, so that a picture or a file that
/// asks for too much meets the limit of the heap and not that of the machine.
final class Buffers {
  private Buffers() {}

  /// Memory for `itemCount` items of F32 `value`, their rows (or channels) stacked.
  ///
  /// @throws ResourceExhaustedException if there is not enough
  static TensorView items(Value value, int itemCount) {
    int[] dims = value.shape().toArray();
    long count = value.shape().elementCount();
    try {
      dims[0] = Math.multiplyExact(dims[0], itemCount);
      float[] floats = new float[Math.toIntExact(Math.multiplyExact(count, itemCount))];
      return TensorView.ofFloats(floats, dims);
    } catch (OutOfMemoryError | ArithmeticException e) {
      throw ResourceExhaustedException.ofMemory(
          "image encoder: no memory for %d x '%s' %s in a heap of %d bytes: use smaller pictures or raise -Xmx"
              .formatted(itemCount, value.name(), value.shape(), Runtime.getRuntime().maxMemory()),
          e);
    }
  }
}
