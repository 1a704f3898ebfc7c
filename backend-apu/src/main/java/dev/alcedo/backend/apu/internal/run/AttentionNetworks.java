// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.backend.apu.internal.lower.SegmentLowering;
import dev.alcedo.backend.apu.internal.neuron.CompiledNetwork;
import dev.alcedo.runtime.api.graph.Op;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The networks of attention over KV windows. They hold no weights, so that all blocks and graphs
/// of a device share one for each shape; the least recently used ones go when there are many. Any
/// thread; one run at a time.
final class AttentionNetworks {
  private static final int COUNT_MAX = 24;

  private final Driver driver;
  private final Precision precision;
  private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  AttentionNetworks(Driver driver, Precision precision) {
    this.driver = driver;
    this.precision = precision;
  }

  /// What a network is compiled for.
  ///
  /// @param op with layer and window left out, as networks do not depend on them
  record Key(Op.Attention op, int rows, int window) {
    static Key of(Op.Attention op, int rows, int window) {
      return new Key(
          new Op.Attention(op.headCount(), op.headCountKv(), op.headLength(), op.scale(), 0, 0),
          rows,
          window);
    }
  }

  /// A network with memory for what goes in and out.
  final class Entry {
    final Key key;
    final CompiledNetwork network;
    final MemorySegment q;
    final MemorySegment keys;
    final MemorySegment values;
    final MemorySegment mask;
    final MemorySegment y;
    private final Arena arena = driver.arena();

    Entry(Key key) {
      this.key = key;
      Op.Attention op = key.op();
      network =
          driver
              .compile(a ->
                  SegmentLowering.lowerCached(
                      op, precision, new ZeroConstants(precision, a), key.rows(), key.window()))
              .network();
      long rowLength = (long) op.headCount() * op.headLength();
      long kvLength = (long) op.headCountKv() * key.window() * op.headLength();
      q = allocate(key.rows() * rowLength);
      y = allocate(key.rows() * rowLength);
      keys = allocate(kvLength);
      values = allocate(kvLength);
      mask = allocate((long) key.rows() * key.window());
    }

    /// Binds what is the same in all runs.
    void bind() {
      driver.bind(() -> {
        network.input(0, q);
        network.input(3, mask);
        network.output(0, y);
      });
    }

    private MemorySegment allocate(long count) {
      return arena.allocate(count * precision.bytes(), 64);
    }

    private void close() {
      network.close();
      arena.close();
    }
  }

  /// The network for `key`, compiled if it is not there.
  synchronized Entry entry(Key key) {
    Entry known = entries.get(key);
    if (known != null) {
      return known;
    }
    var entry = new Entry(key);
    entries.put(key, entry);
    entry.bind();
    if (entries.size() > COUNT_MAX) {
      Entry oldest = entries.remove(entries.keySet().iterator().next());
      free(List.of(oldest));
    }
    return entry;
  }

  private void free(List<Entry> gone) {
    driver.free(() -> gone.forEach(Entry::close));
  }

  /// Frees all.
  synchronized void close() {
    List<Entry> all = new ArrayList<>(entries.values());
    entries.clear();
    free(all);
  }
}
