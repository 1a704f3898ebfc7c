// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;

/// Native memory between graphs. Whoever made it closes it.
final class Memory implements AutoCloseable {
  private static final long ALIGNMENT_BYTES = 64;

  private final Arena arena = Arena.ofShared();
  private long byteSize;

  /// Memory for `itemCount` items of `value`, their rows (or channels) stacked.
  ///
  /// @throws ResourceExhaustedException if there is not enough
  TensorView items(Value value, int itemCount) {
    int[] dims = value.shape().toArray();
    dims[0] = Math.multiplyExact(dims[0], itemCount);
    var shape = Shape.of(dims);
    long bytes = value.dtype().bytes(shape.elementCount());
    try {
      TensorView view =
          new TensorView(value.dtype(), shape, arena.allocate(bytes, ALIGNMENT_BYTES));
      byteSize += bytes;
      return view;
    } catch (OutOfMemoryError e) {
      throw new ResourceExhaustedException(
          "image encoder: %d bytes for '%s' %s are not available: use smaller pictures"
              .formatted(bytes, value.name(), shape),
          e);
    }
  }

  /// Bytes in all.
  long byteSize() {
    return byteSize;
  }

  @Override
  public void close() {
    arena.close();
  }
}
