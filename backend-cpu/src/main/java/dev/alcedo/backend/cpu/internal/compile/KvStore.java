// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.compile;

import dev.alcedo.backend.cpu.internal.kernel.AttentionTask;
import dev.alcedo.backend.cpu.internal.kernel.Kernels;
import dev.alcedo.backend.cpu.internal.kernel.Run;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.KvCache;
import java.lang.foreign.MemorySegment;

/// Writes the keys and values of a run's items to their sequences' KV caches.
final class KvStore {
  private KvStore() {}

  /// Stores the keys and values of items `from..to-1`.
  static void store(Kernels kernels, AttentionTask task, Run run, int from, int to) {
    int item = from;
    while (item < to) {
      Bindings.Span span = run.spanOf(item);
      int end = Math.min(to, span.itemStart() + span.itemCount());
      MemorySegment keys = span.cache().keys(task.op().cacheLayer());
      MemorySegment values = span.cache().values(task.op().cacheLayer());
      for (; item < end; item++) {
        int position = span.position() + item - span.itemStart();
        plane(kernels, task, span.cache(), task.k(), item, position, keys);
        plane(kernels, task, span.cache(), task.v(), item, position, values);
      }
    }
  }

  private static void plane(
      Kernels kernels,
      AttentionTask task,
      KvCache cache,
      float[] x,
      int item,
      int position,
      MemorySegment plane) {
    int length = task.op().headLength();
    for (int head = 0; head < task.op().headCountKv(); head++) {
      long index = ((long) head * cache.capacity() + position) * length;
      int offset = item * task.keyCols() + head * length;
      kernels.store(x, offset, plane, cache.layout().dtype(), index, length);
    }
  }
}
