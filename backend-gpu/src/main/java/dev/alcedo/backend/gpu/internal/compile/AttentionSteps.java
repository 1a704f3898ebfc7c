// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.backend.gpu.internal.opencl.ClKernel;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Attention, with a KV cache and without.
final class AttentionSteps {
  /// What the kernel has room for.
  static final int HEAD_LENGTH_MAX = 256;

  private final GraphMemory memory;

  AttentionSteps(GraphMemory memory) {
    this.memory = memory;
  }

  Step step(Node node, Op.Attention op) {
    return op.isCausal() ? causal(node, op) : within(node, op);
  }

  /// All rows of the items at once, over keys and values that lie row by row.
  private Step within(Node node, Op.Attention op) {
    int rows = node.inputs().get(0).shape().dim(0);
    int keys = node.inputs().get(1).shape().dim(0);
    boolean hasSegments = node.inputs().size() > 3;
    ClKernel kernel = kernel(node, op, "");
    ClBuffer k = memory.input(node, 1);
    kernel.buffer(1, k);
    kernel.buffer(2, memory.input(node, 2));
    kernel.buffer(3, hasSegments ? memory.input(node, 3) : k); // any buffer, not read
    kernel.number(9, op.headLength());
    kernel.number(10, op.headCountKv() * op.headLength());
    kernel.number(11, rows);
    kernel.number(12, keys);
    kernel.number(14, hasSegments ? 1 : 0);
    kernel.number(15, 0);
    kernel.number(16, -1);
    kernel.number(17, 0);
    kernel.number(18, 0);
    var global = new long[] {(long) op.headCount() * Tuning.GROUP, 0};
    var local = new long[] {Tuning.GROUP, 1};
    return run -> {
      global[1] = (long) run.itemCount() * rows;
      kernel.enqueue(global, local);
    };
  }

  /// First all keys and values go to the caches, then all rows attend, sequence by sequence. The
  /// dtype of a cache is known in a run only; as a rule all have the same.
  private Step causal(Node node, Op.Attention op) {
    Map<DType, Cached> kernels = new EnumMap<>(DType.class);
    return run -> {
      for (int i = 0; i < run.spans().size(); i++) {
        kernels.computeIfAbsent(dtype(run, i), d -> new Cached(node, op, d)).store(run, i);
      }
      for (int i = 0; i < run.spans().size(); i++) {
        kernels.computeIfAbsent(dtype(run, i), d -> new Cached(node, op, d)).attend(run, i);
      }
    };
  }

  private static DType dtype(Run run, int index) {
    return run.spans().get(index).cache().layout().dtype();
  }

  private ClKernel kernel(Node node, Op.Attention op, String options) {
    ClKernel kernel = memory.kernel("attention", List.of("attention"), options);
    kernel.buffer(0, memory.input(node, 0));
    kernel.buffer(4, memory.output(node));
    kernel.number(5, op.headCount());
    kernel.number(6, op.headCountKv());
    kernel.number(7, op.headLength());
    kernel.real(8, op.scale());
    kernel.number(13, op.window());
    return kernel;
  }

  /// The two kernels of a causal node for one dtype of the cache.
  private final class Cached {
    private final Op.Attention op;
    private final ClKernel store;
    private final ClKernel attend;
    private final long[] storeGlobal = new long[1];
    private final long[] storeLocal = {Tuning.GROUP};
    private final long[] attendGlobal = new long[2];
    private final long[] attendLocal = {Tuning.GROUP, 1};

    Cached(Node node, Op.Attention op, DType dtype) {
      this.op = op;
      String options = dtype == DType.F16 ? "-DKV_HALF" : "";
      store = memory.kernel("store_kv", List.of("store_kv"), options);
      store.buffer(0, memory.input(node, 1));
      store.buffer(1, memory.input(node, 2));
      store.number(3, op.headCountKv());
      store.number(4, op.headLength());
      attend = kernel(node, op, options);
      attend.number(10, op.headLength());
      attend.number(11, 1);
      attend.number(12, 1);
      attend.number(14, 0);
      attend.buffer(3, memory.input(node, 0)); // any buffer, not read
    }

    void store(Run run, int index) {
      Bindings.Span span = run.spans().get(index);
      int count = span.itemCount() * op.headCountKv() * op.headLength();
      store.buffer(2, run.replicas().get(index).layer(op.cacheLayer()));
      store.number(5, span.cache().capacity());
      store.number(6, span.itemStart());
      store.number(7, span.position());
      store.number(8, count);
      storeGlobal[0] = Step.roundUp(count, Tuning.GROUP);
      store.enqueue(storeGlobal, storeLocal);
    }

    void attend(Run run, int index) {
      Bindings.Span span = run.spans().get(index);
      ClBuffer layer = run.replicas().get(index).layer(op.cacheLayer());
      int headStride = span.cache().capacity() * op.headLength();
      attend.buffer(1, layer);
      attend.buffer(2, layer);
      attend.number(9, headStride);
      attend.number(15, span.itemStart());
      attend.number(16, span.position());
      attend.number(17, span.isBidirectional() ? span.position() + span.itemCount() : 0);
      attend.number(18, op.headCountKv() * headStride);
      attendGlobal[0] = (long) op.headCount() * Tuning.GROUP;
      attendGlobal[1] = span.itemCount();
      attend.enqueue(attendGlobal, attendLocal);
    }
  }
}
