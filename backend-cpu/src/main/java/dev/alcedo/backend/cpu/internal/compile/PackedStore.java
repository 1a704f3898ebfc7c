// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.compile;

import dev.alcedo.backend.cpu.internal.kernel.Kernels;
import dev.alcedo.backend.cpu.internal.kernel.Linear;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.backend.cpu.internal.pool.WorkerPool;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/// Packed weights of a backend, one copy for all compiled graphs that use a weight (prefill and
/// decode, a tower for one tile and for four). A weight is packed when the first asks for it and
/// given up when the last is closed.
final class PackedStore {
  private final Kernels kernels;
  private final WorkerPool pool;
  private final Map<Key, Entry> entries = new HashMap<>();

  /// Where a weight is, which says which it is as long as someone uses it.
  record Key(long address, TensorView weight) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key(long otherAddress, TensorView otherWeight)
          && otherAddress == address
          && otherWeight.dtype() == weight.dtype()
          && otherWeight.shape().equals(weight.shape());
    }

    @Override
    public int hashCode() {
      return Long.hashCode(address);
    }
  }

  private static final class Entry {
    final Linear linear;
    int userCount;

    Entry(Linear linear) {
      this.linear = linear;
    }
  }

  PackedStore(Kernels kernels, WorkerPool pool) {
    this.kernels = kernels;
    this.pool = pool;
  }

  /// The packed form of a weight in native memory. If it is mapped from a file, its pages are given
  /// back: they are not needed again, and if they are, the file is still there.
  ///
  /// @param ready gets the weight's bytes if it had to be packed
  synchronized Linear acquire(TensorView weight, Scratch scratch, LongConsumer ready) {
    var key = new Key(weight.data().address(), weight);
    Entry entry = entries.get(key);
    if (entry == null) {
      // Freed by the garbage collector, for kernels need not ask such memory whether it still
      // lives.
      entry = new Entry(kernels.pack(weight, Arena.ofAuto(), pool, scratch));
      entries.put(key, entry);
      if (weight.data().isMapped()) {
        weight.data().unload();
      }
      ready.accept(weight.byteSize());
    }
    entry.userCount++;
    return entry.linear;
  }

  /// Gives up what [#acquire] gave.
  synchronized void release(TensorView weight) {
    var key = new Key(weight.data().address(), weight);
    Entry entry = entries.get(key);
    if (entry != null && --entry.userCount == 0) {
      entries.remove(key);
    }
  }
}
