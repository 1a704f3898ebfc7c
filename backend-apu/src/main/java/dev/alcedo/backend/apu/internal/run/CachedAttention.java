// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.KvCache;
import dev.alcedo.runtime.api.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// One attention node with a KV cache: stores keys and values of all sequences in the host's
/// caches, then runs sequence after sequence over a window of its cache. A window is a power of two
/// from 128 on, or the whole cache, which is read where it is; a mask hides what is not to be seen.
final class CachedAttention {
  private static final int WINDOW_MIN = 128;

  private final Driver driver;
  private final AttentionNetworks networks;
  private final Op.Attention op;
  private final MemorySegment q;
  private final MemorySegment k;
  private final MemorySegment v;
  private final MemorySegment y;
  private final Precision precision;
  private final RowBuckets buckets;

  CachedAttention(
      Driver driver, AttentionNetworks networks, Node node, Op.Attention op, Buffers buffers) {
    this.driver = driver;
    this.networks = networks;
    this.op = op;
    this.q = buffers.value(node.inputs().get(0));
    this.k = buffers.value(node.inputs().get(1));
    this.v = buffers.value(node.inputs().get(2));
    this.y = buffers.value(node.output());
    this.precision = buffers.precision();
    this.buckets = new RowBuckets(buffers.buckets());
  }

  void run(List<Bindings.Span> spans) {
    for (Bindings.Span span : spans) {
      store(span, k, span.cache().keys(op.cacheLayer()));
      store(span, v, span.cache().values(op.cacheLayer()));
    }
    for (Bindings.Span span : spans) {
      attend(span);
    }
  }

  private void store(Bindings.Span span, MemorySegment from, MemorySegment plane) {
    int length = op.headLength();
    for (int i = 0; i < span.itemCount(); i++) {
      for (int head = 0; head < op.headCountKv(); head++) {
        long at = ((long) span.itemStart() + i) * op.headCountKv() + head;
        long to = (long) head * span.cache().capacity() + span.position() + i;
        Elements.copy(
            from, precision.isHalf(), at * length, plane, isHalf(span), to * length, length);
      }
    }
  }

  private static boolean isHalf(Bindings.Span span) {
    return span.cache().layout().dtype() == DType.F16;
  }

  private void attend(Bindings.Span span) {
    int length = span.position() + span.itemCount();
    int window = Math.max(WINDOW_MIN, Integer.highestOneBit(2 * length - 1));
    int held = Math.min(window, span.cache().capacity());
    buckets.run(
        span.itemCount(),
        rows -> {
          synchronized (networks) {
            AttentionNetworks.Entry entry =
                networks.entry(AttentionNetworks.Key.of(op, rows, held));
            return new RowBuckets.Outcome(entry.network, run(entry, span, length));
          }
        });
  }

  private boolean run(AttentionNetworks.Entry entry, Bindings.Span span, int length) {
    long rowLength = (long) op.headCount() * op.headLength();
    long start = span.itemStart() * rowLength;
    long count = span.itemCount() * rowLength;
    boolean isHalf = precision.isHalf();
    Elements.copy(q, isHalf, start, entry.q, isHalf, 0, count);
    mask(entry, span);
    MemorySegment keys = window(span, span.cache().keys(op.cacheLayer()), entry.keys, length);
    MemorySegment values = window(span, span.cache().values(op.cacheLayer()), entry.values, length);
    boolean isDone =
        driver.compute(
            entry.network,
            () -> {
              entry.network.input(1, keys);
              entry.network.input(2, values);
            });
    if (isDone) {
      Elements.copy(entry.y, isHalf, 0, y, isHalf, start, count);
    }
    return isDone;
  }

  /// The cache's own memory if the window is all of it, else a copy of what is filled.
  private MemorySegment window(
      Bindings.Span span, MemorySegment plane, MemorySegment copy, int length) {
    KvCache cache = span.cache();
    if (plane.byteSize() == copy.byteSize() && isHalf(span) == precision.isHalf()) {
      return plane;
    }
    long held = copy.byteSize() / precision.bytes() / op.headCountKv();
    for (int head = 0; head < op.headCountKv(); head++) {
      Elements.copy(
          plane,
          isHalf(span),
          (long) head * cache.capacity() * op.headLength(),
          copy,
          precision.isHalf(),
          head * held,
          (long) length * op.headLength());
    }
    return copy;
  }

  /// Rows beyond those of the run see everything, so that their sums are not empty; nobody reads
  /// them.
  private void mask(AttentionNetworks.Entry entry, Bindings.Span span) {
    int window = entry.key.window();
    int end = span.position() + span.itemCount();
    var row = new float[window];
    for (int i = 0; i < span.itemCount(); i++) {
      int own = span.position() + i;
      int last = span.isBidirectional() ? end : own + 1;
      int first = op.window() == 0 ? 0 : Math.max(0, own - op.window() + 1);
      for (int j = 0; j < window; j++) {
        row[j] = j >= first && j < last ? 0 : HostTables.UNSEEN;
      }
      precision.write(row, window, entry.mask, (long) i * window);
    }
  }
}
