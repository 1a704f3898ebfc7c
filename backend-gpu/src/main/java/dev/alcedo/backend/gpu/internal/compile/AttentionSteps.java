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
import java.util.Optional;

/// Attention, with a KV cache and without.
final class AttentionSteps {
  /// What local memory has room for.
  static final int HEAD_LENGTH_MAX = 256;

  /// Rows that share what they read of keys and values, where there are so many.
  private static final int ROWS = 4;

  private final GraphMemory memory;
  private final Target target;
  private final FreshKeys fresh;

  /// @param fresh where keys and values that are stored go to the host from
  AttentionSteps(GraphMemory memory, Target target, FreshKeys fresh) {
    this.memory = memory;
    this.target = target;
    this.fresh = fresh;
  }

  Step step(Node node, Op.Attention op) {
    return op.isCausal() ? causal(node, op) : within(node, op);
  }

  /// All rows of the items at once, over keys and values that lie row by row.
  private Step within(Node node, Op.Attention op) {
    int rows = node.inputs().get(0).shape().dim(0);
    boolean hasSegments = node.inputs().size() > 3;
    String program = CacheKernels.of(DType.F32).program();
    Arguments arguments =
        new Arguments(kernel("attention", program, op, ROWS, ""))
            .buffer(memory.input(node, 0))
            .buffer(memory.input(node, hasSegments ? 3 : 0)) // any buffer, not read
            .buffer(memory.output(node))
            .number(op.headCount())
            .number(op.headCountKv())
            .real(op.scale())
            .number(rows)
            .number(node.inputs().get(1).shape().dim(0))
            .number(op.window())
            .number(hasSegments ? 1 : 0)
            .buffer(memory.input(node, 1))
            .buffer(memory.input(node, 2))
            .number(op.headLength()) // from head to head
            .number(op.headCountKv() * op.headLength()) // from key to key
            .number(0);
    int rowCount = arguments.next();
    ClKernel kernel = arguments.number(rows).number(-1).number(0).number(0).kernel();
    var global = new long[] {(long) op.headCount() * Tuning.GROUP, 0};
    var local = new long[] {Tuning.GROUP, 1};
    return run -> {
      int count = run.itemCount() * rows;
      kernel.number(rowCount, count);
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

  private ClKernel kernel(String name, String cache, Op.Attention op, int rows, String options) {
    String aligned = op.headLength() % 4 == 0 ? " -DALIGNED" : "";
    return memory.kernel(
        name,
        List.of(cache, "attention"),
        "-DROWS=%d -DHEAD_LENGTH=%d%s%s".formatted(rows, op.headLength(), aligned, options));
  }

  /// The kernels of a causal node for one dtype of the cache.
  private final class Cached {
    private final Node node;
    private final Op.Attention op;
    private final CacheKernels cache;
    private final Arguments store;
    private final long[] storeGlobal = new long[1];
    private final long[] storeLocal = {Tuning.GROUP};
    private final long[] global = new long[3];
    private final long[] local = {Tuning.GROUP, 1, 1};
    private Optional<Arguments> single = Optional.empty();
    private Optional<Arguments> several = Optional.empty();
    private Optional<Split> split = Optional.empty();

    Cached(Node node, Op.Attention op, DType dtype) {
      this.node = node;
      this.op = op;
      this.cache = CacheKernels.of(dtype);
      this.store =
          new Arguments(memory.kernel("store_kv", List.of(cache.program(), "store_kv"), ""))
              .buffer(memory.input(node, 1))
              .buffer(memory.input(node, 2))
              .number(op.headCountKv())
              .number(op.headLength());
    }

    void store(Run run, int index) {
      Bindings.Span span = run.spans().get(index);
      int count = span.itemCount() * op.headCountKv() * op.headLength();
      store
          .again()
          .buffer(run.replicas().get(index).layer(op.cacheLayer()))
          .buffer(fresh.buffer())
          .number(span.cache().capacity())
          .number(span.itemStart())
          .number(span.position())
          .number(fresh.start(run, index, op.cacheLayer()))
          .number(count);
      storeGlobal[0] = Step.roundUp(count / cache.unit(), Tuning.GROUP);
      store.kernel().enqueue(storeGlobal, storeLocal);
    }

    void attend(Run run, int index) {
      Bindings.Span span = run.spans().get(index);
      int keys = span.position() + span.itemCount();
      int seen = op.window() > 0 ? Math.min(keys, op.window()) : keys;
      int parts = target.tuning().attentionParts(span.itemCount(), op.headCount(), seen);
      if (parts > 1) {
        attendInParts(run, index, parts);
      } else if (span.itemCount() < ROWS) {
        single = single.or(() -> Optional.of(attention(1)));
        enqueue(single.get(), run, index, 1, 1);
      } else {
        several = several.or(() -> Optional.of(attention(ROWS)));
        enqueue(several.get(), run, index, ROWS, 1);
      }
    }

    private void attendInParts(Run run, int index, int parts) {
      Bindings.Span span = run.spans().get(index);
      if (split.isEmpty() || split.get().rowsMax() < span.itemCount()) {
        split = Optional.of(split(span.itemCount()));
      }
      enqueue(split.get().attend(), run, index, 1, parts);
      Arguments join = split.get().join().again().number(span.itemStart()).number(parts);
      global[1] = span.itemCount();
      global[2] = 1;
      join.kernel().enqueue(global, local);
    }

    private void enqueue(Arguments attend, Run run, int index, int rows, int parts) {
      Bindings.Span span = run.spans().get(index);
      ClBuffer layer = run.replicas().get(index).layer(op.cacheLayer());
      int headStride = span.cache().capacity() * op.headLength();
      attend
          .again()
          .buffer(layer)
          .buffer(layer)
          .number(headStride)
          .number(op.headLength())
          .number(span.itemStart())
          .number(span.itemCount())
          .number(span.position())
          .number(span.isBidirectional() ? span.position() + span.itemCount() : 0)
          .number(op.headCountKv() * headStride);
      global[0] = (long) op.headCount() * Tuning.GROUP;
      global[1] = Math.ceilDiv(span.itemCount(), rows);
      global[2] = parts;
      attend.kernel().enqueue(global, local);
    }

    private Arguments attention(int rows) {
      return attention(kernel("attention", cache.program(), op, rows, ""));
    }

    /// What is the same in every run.
    private Arguments attention(ClKernel kernel) {
      return new Arguments(kernel)
          .buffer(memory.input(node, 0))
          .buffer(memory.input(node, 0)) // any buffer, not read
          .buffer(memory.output(node))
          .number(op.headCount())
          .number(op.headCountKv())
          .real(op.scale())
          .number(1)
          .number(1)
          .number(op.window())
          .number(0);
    }

    /// Kernels that divide keys among groups, with room for the parts of `rows` rows.
    private Split split(int rows) {
      long floats = (long) rows * op.headCount() * Tuning.PART_COUNT_MAX * (op.headLength() + 2);
      ClBuffer partials =
          memory.scratch(target.device().allocate(Float.BYTES * floats, "parts of attention"));
      Arguments attend =
          attention(kernel("attention", cache.program(), op, 1, " -DSPLIT")).buffer(partials);
      Arguments join =
          new Arguments(kernel("attention_join", cache.program(), op, 1, " -DSPLIT"))
              .buffer(partials)
              .buffer(memory.output(node))
              .number(op.headCount());
      return new Split(attend, join, rows);
    }
  }

  /// @param rowsMax rows that there is room for
  private record Split(Arguments attend, Arguments join, int rowsMax) {}
}
