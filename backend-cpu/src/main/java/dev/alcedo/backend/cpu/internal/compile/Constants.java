// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.compile;

import dev.alcedo.backend.cpu.internal.kernel.Kernels;
import dev.alcedo.backend.cpu.internal.kernel.Linear;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.backend.cpu.internal.pool.WorkerPool;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.LongConsumer;

/// The constants of a graph as kernels want them: vectors as arrays, weights of linear layers
/// packed where the kernels say so, other matrices where they are mapped.
final class Constants {
  private static final long ALIGNMENT = 64;

  private final Graph graph;
  private final Arena arena;
  private final Kernels kernels;
  private final PackedStore packed;
  private final WorkerPool pool;
  private final Scratch scratch;
  private final List<TensorView> acquired;
  private long byteSize;

  /// @param arena owns copies; the compiled graph closes it
  /// @param packed shared by all graphs of the backend
  /// @param ready gets the bytes of each weight that had to be packed
  Constants(
      Graph graph,
      Arena arena,
      Kernels kernels,
      PackedStore packed,
      WorkerPool pool,
      Scratch scratch,
      LongConsumer ready) {
    this.graph = graph;
    this.arena = arena;
    this.kernels = kernels;
    this.packed = packed;
    this.pool = pool;
    this.scratch = scratch;
    this.acquired = packedWeights();
    packed.acquire(acquired, scratch, ready);
  }

  /// Weights of linear layers in native memory that kernels want packed, each once.
  private List<TensorView> packedWeights() {
    return graph.nodes().stream()
        .filter(node -> node.op() instanceof Op.MatMul || node.op() instanceof Op.PatchEmbed)
        .map(node -> node.inputs().get(1))
        .map(graph::constant)
        .filter(view -> kernels.isPacked(view.dtype()) && view.data().isNative())
        .distinct()
        .toList();
  }

  /// The weight of a linear layer: packed, or where it is mapped.
  Linear linear(Value value) {
    TensorView view = graph.constant(value);
    if (!kernels.isPacked(view.dtype())) {
      return kernels.linear(matrix(value));
    }
    byteSize += kernels.packedByteSize(view);
    if (!view.data().isNative()) {
      return kernels.pack(view, arena, pool, scratch);
    }
    return packed.linear(view);
  }

  /// Gives packed weights back; to be called once.
  void release() {
    packed.release(acquired);
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

  /// Bytes of all copies, packed weights that others use too included.
  long byteSize() {
    return byteSize;
  }
}
