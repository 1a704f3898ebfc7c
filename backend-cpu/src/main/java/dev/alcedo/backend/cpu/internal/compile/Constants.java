// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.compile;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The constants of a graph as kernels want them: vectors as arrays, matrices where they are
/// mapped.
final class Constants {
  private static final long ALIGNMENT = 64;

  private final Graph graph;
  private final Arena arena;
  private long byteSize;

  /// @param arena owns copies; the compiled graph closes it
  Constants(Graph graph, Arena arena) {
    this.graph = graph;
    this.arena = arena;
  }

  /// An F32 constant as an array.
  float[] floats(Value value) {
    float[] copy = graph.constant(value).toFloats();
    byteSize += 4L * copy.length;
    return copy;
  }

  /// A matrix in native memory: the mapped file itself. Heap memory (tests, small models) is
  /// copied, because kernels compiled for one kind of memory segment are faster than for two.
  TensorView matrix(Value value) {
    TensorView view = graph.constant(value);
    if (view.data().isNative()) {
      return view;
    }
    MemorySegment copy = arena.allocate(view.byteSize(), ALIGNMENT);
    copy.copyFrom(view.data());
    byteSize += view.byteSize();
    return new TensorView(view.dtype(), view.shape(), copy);
  }

  /// Bytes of all copies.
  long byteSize() {
    return byteSize;
  }
}
