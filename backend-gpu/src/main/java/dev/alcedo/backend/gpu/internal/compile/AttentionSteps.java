// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.backend.gpu.internal.opencl.ClDevice;
import dev.alcedo.backend.gpu.internal.opencl.ClKernel;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Attention, with a KV cache and without.
final class AttentionSteps {
  /// What local memory has room for.
  static final int HEAD_LENGTH_MAX = 256;

  /// Rows that share what they read of keys and values, where there are so many.
  private static final int ROWS = 4;

  /// The argument that says how many rows there are.
  private static final int ROW_COUNT = 15;

  private final GraphMemory memory;
  private final ClDevice device;
  private final Tuning tuning;
  private final FreshKeys fresh;

  /// @param fresh where keys and values that are stored go to the host from
  AttentionSteps(GraphMemory memory, ClDevice device, Tuning tuning, FreshKeys fresh) {
    this.memory = memory;
    this.device = device;
    this.tuning = tuning;
    this.fresh = fresh;
  }

  Step step(Node node, Op.Attention op) {
    return op.isCausal() ? causal(node, op) : within(node, op);
  }

  /// All rows of the items at once, over keys and values that lie row by row.
  private Step within(Node node, Op.Attention op) {
    int rows = node.inputs().get(0).shape().dim(0);
    int keys = node.inputs().get(1).shape().dim(0);
    boolean hasSegments = node.inputs().size() > 3;
    ClBuffer k = memory.input(node, 1);
    ClBuffer segments = hasSegments ? memory.input(node, 3) : k; // any buffer, not read
    int keyStride = op.headCountKv() * op.headLength();
    ClKernel kernel = kernel(op, ROWS, "");
    new Arguments(kernel)
        .buffer(memory.input(node, 0))
        .buffer(k)
        .buffer(memory.input(node, 2))
        .buffer(segments)
        .buffer(memory.output(node))
        .number(op.headCount())
        .number(op.headCountKv())
        .real(op.scale())
        .number(op.headLength()) // from head to head
        .number(keyStride)
        .number(rows)
        .number(keys)
        .number(op.window())
        .number(hasSegments ? 1 : 0)
        .number(0)
        .number(rows)
        .number(-1)
        .number(0)
        .number(0);
    var global = new long[] {(long) op.headCount() * Tuning.GROUP, 0};
    var local = new long[] {Tuning.GROUP, 1};
    return run -> {
      int count = run.itemCount() * rows;
      kernel.number(ROW_COUNT, count);
      global[1] = Math.ceilDiv(count, ROWS);
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

  private ClKernel kernel(Op.Attention op, int rows, String options) {
    return memory.kernel(
        "attention",
        List.of("attention"),
        "-DROWS=%d %s%s".formatted(rows, lengthOptions(op), options));
  }

  private static String lengthOptions(Op.Attention op) {
    return "-DHEAD_LENGTH=%d%s"
        .formatted(op.headLength(), op.headLength() % 4 == 0 ? " -DALIGNED" : "");
  }

  /// The kernels of a causal node for one dtype of the cache.
  private final class Cached {
    private final Node node;
    private final Op.Attention op;
    private final String options;
    private final ClKernel store;
    private Optional<ClKernel> single = Optional.empty();
    private Optional<ClKernel> several = Optional.empty();
    private final long[] storeGlobal = new long[1];
    private final long[] storeLocal = {Tuning.GROUP};
    private final long[] global = new long[3];
    private final long[] local = {Tuning.GROUP, 1, 1};
    private Optional<Split> split = Optional.empty();

    Cached(Node node, Op.Attention op, DType dtype) {
      this.node = node;
      this.op = op;
      this.options = dtype == DType.F16 ? " -DKV_HALF" : "";
      store = memory.kernel("store_kv", List.of("store_kv"), options.strip());
      store.buffer(0, memory.input(node, 1));
      store.buffer(1, memory.input(node, 2));
      store.number(4, op.headCountKv());
      store.number(5, op.headLength());
    }

    private ClKernel attend(int rows, String attendOptions) {
      ClKernel attend = kernel(op, rows, attendOptions);
      attend.buffer(0, memory.input(node, 0));
      attend.buffer(3, memory.input(node, 0)); // any buffer, not read
      attend.buffer(4, memory.output(node));
      attend.number(5, op.headCount());
      attend.number(6, op.headCountKv());
      attend.real(7, op.scale());
      attend.number(9, op.headLength());
      attend.number(10, 1);
      attend.number(11, 1);
      attend.number(12, op.window());
      attend.number(13, 0);
      return attend;
    }

    void store(Run run, int index) {
      Bindings.Span span = run.spans().get(index);
      int count = span.itemCount() * op.headCountKv() * op.headLength();
      store.buffer(2, run.replicas().get(index).layer(op.cacheLayer()));
      store.buffer(3, fresh.buffer());
      store.number(6, span.cache().capacity());
      store.number(7, span.itemStart());
      store.number(8, span.position());
      store.number(9, fresh.start(run, index, op.cacheLayer()));
      store.number(10, count);
      storeGlobal[0] = Step.roundUp(count, Tuning.GROUP);
      store.enqueue(storeGlobal, storeLocal);
    }

    void attend(Run run, int index) {
      Bindings.Span span = run.spans().get(index);
      int keys = span.position() + span.itemCount();
      int seen = op.window() > 0 ? Math.min(keys, op.window()) : keys;
      int parts = tuning.attentionParts(span.itemCount(), op.headCount(), seen);
      if (parts == 1) {
        if (span.itemCount() < ROWS) {
          single = single.or(() -> Optional.of(attend(1, options)));
          enqueue(single.get(), run, index, 1, 1);
        } else {
          several = several.or(() -> Optional.of(attend(ROWS, options)));
          enqueue(several.get(), run, index, ROWS, 1);
        }
        return;
      }
      if (split.isEmpty() || split.get().rowsMax() < span.itemCount()) {
        split = Optional.of(split(span.itemCount()));
      }
      enqueue(split.get().attend(), run, index, 1, parts);
      ClKernel join = split.get().join();
      join.number(3, span.itemStart());
      join.number(4, parts);
      global[1] = span.itemCount();
      global[2] = 1;
      join.enqueue(global, local);
    }

    private void enqueue(ClKernel attend, Run run, int index, int rows, int parts) {
      Bindings.Span span = run.spans().get(index);
      ClBuffer layer = run.replicas().get(index).layer(op.cacheLayer());
      int headStride = span.cache().capacity() * op.headLength();
      attend.buffer(1, layer);
      attend.buffer(2, layer);
      attend.number(8, headStride);
      attend.number(14, span.itemStart());
      attend.number(ROW_COUNT, span.itemCount());
      attend.number(16, span.position());
      attend.number(17, span.isBidirectional() ? span.position() + span.itemCount() : 0);
      attend.number(18, op.headCountKv() * headStride);
      global[0] = (long) op.headCount() * Tuning.GROUP;
      global[1] = Math.ceilDiv(span.itemCount(), rows);
      global[2] = parts;
      attend.enqueue(global, local);
    }

    /// Kernels that divide keys among groups, with room for the parts of `rows` rows.
    private Split split(int rows) {
      long floats = (long) rows * op.headCount() * Tuning.PART_COUNT_MAX * (op.headLength() + 2);
      ClBuffer partials =
          memory.scratch(device.allocate(Float.BYTES * floats, "parts of attention"));
      ClKernel attend = attend(1, options + " -DSPLIT");
      attend.buffer(19, partials);
      ClKernel join =
          memory.kernel(
              "attention_join",
              List.of("attention"),
              "-DROWS=1 %s%s -DSPLIT".formatted(lengthOptions(op), options));
      join.buffer(0, partials);
      join.buffer(1, memory.output(node));
      join.number(2, op.headCount());
      return new Split(attend, join, rows);
    }
  }

  /// @param rowsMax rows that there is room for
  private record Split(ClKernel attend, ClKernel join, int rowsMax) {}
}
