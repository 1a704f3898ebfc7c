// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.KvCache;
import dev.alcedo.runtime.api.spi.KvLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// The keys and values that a run stores, on their way to the host's caches: gathered in one
/// buffer, so that one transfer takes them all, where each head of each layer would need its own.
///
/// For each span, for each layer: keys `[headCountKv, items, headLength]`, then values.
final class FreshKeys implements AutoCloseable {
  private final Target target;
  private final String what;
  private final TreeSet<Integer> layers = new TreeSet<>();
  private final List<Long> spanStarts = new ArrayList<>();
  private Optional<ClBuffer> buffer = Optional.empty();
  private Arena arena = Arena.ofShared();
  private MemorySegment staging = MemorySegment.NULL;
  private long byteSize;

  FreshKeys(Target target, String graph) {
    this.target = target;
    this.what = "new keys and values of '%s'".formatted(graph);
  }

  /// Notes that the graph stores a layer.
  void add(int layer) {
    layers.add(layer);
  }

  /// Makes room for what a run stores.
  void begin(Run run) {
    spanStarts.clear();
    byteSize = 0;
    for (Bindings.Span span : run.spans()) {
      spanStarts.add(byteSize);
      byteSize += layers.size() * layerBytes(span);
    }
    if (byteSize > buffer.map(ClBuffer::byteSize).orElse(0L)) {
      buffer.ifPresent(ClBuffer::close);
      buffer = Optional.empty();
      buffer = Optional.of(target.allocate(byteSize, what));
      arena.close();
      arena = Arena.ofShared();
      staging =
          target.isMapped(byteSize) ? MemorySegment.NULL : arena.allocate(byteSize, Long.BYTES);
    }
  }

  /// Where a run that stores puts them.
  ClBuffer buffer() {
    return buffer.orElseThrow();
  }

  /// The element, of the cache's dtype, where keys of a layer begin.
  int start(Run run, int index, int layer) {
    Bindings.Span span = run.spans().get(index);
    long at = spanStarts.get(index) + layers.headSet(layer).size() * layerBytes(span);
    int unit = span.cache().layout().dtype().blockLength();
    return Math.toIntExact(at / span.cache().layout().dtype().bytes(unit) * unit);
  }

  /// Queues the way back.
  void read() {
    if (byteSize > 0 && !target.isMapped(byteSize)) {
      buffer().read(0, staging.asSlice(0, byteSize));
    }
  }

  /// Gives the caches what was stored; after everything queued is done.
  void deliver(Run run) {
    if (byteSize > 0 && target.isMapped(byteSize)) {
      buffer().view(0, (int) byteSize, from -> deliver(from, run));
    } else if (byteSize > 0) {
      deliver(staging, run);
    }
  }

  private void deliver(MemorySegment from, Run run) {
    for (int i = 0; i < run.spans().size(); i++) {
      Bindings.Span span = run.spans().get(i);
      long at = spanStarts.get(i);
      long planeBytes = layerBytes(span) / 2;
      for (int layer : layers) {
        deliver(from, at, span.cache().keys(layer), span);
        deliver(from, at + planeBytes, span.cache().values(layer), span);
        at += 2 * planeBytes;
      }
    }
  }

  private static void deliver(
      MemorySegment from, long at, MemorySegment plane, Bindings.Span span) {
    KvCache cache = span.cache();
    long positionBytes = cache.layout().dtype().bytes(cache.layout().headLength());
    long headBytes = span.itemCount() * positionBytes;
    for (int head = 0; head < cache.layout().headCountKv(); head++) {
      long to = ((long) head * cache.capacity() + span.position()) * positionBytes;
      MemorySegment.copy(from, at + head * headBytes, plane, to, headBytes);
    }
  }

  private static long layerBytes(Bindings.Span span) {
    KvLayout layout = span.cache().layout();
    return 2L * span.itemCount() * layout.headCountKv() * layout.dtype().bytes(layout.headLength());
  }

  @Override
  public void close() {
    buffer.ifPresent(ClBuffer::close);
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
