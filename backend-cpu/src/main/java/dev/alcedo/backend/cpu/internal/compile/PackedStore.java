// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.compile;

import dev.alcedo.backend.cpu.internal.kernel.Kernels;
import dev.alcedo.backend.cpu.internal.kernel.Linear;
import dev.alcedo.backend.cpu.internal.pool.Scratch;
import dev.alcedo.backend.cpu.internal.pool.WorkerPool;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/// Packed weights of a backend, one copy for all compiled graphs that use a weight (prefill and
/// decode, a tower for one tile and for four). A weight is packed when the first asks for it and
/// given up when the last is closed.
///
/// Each weight is packed by one thread, several at a time: the memory of the packed form is zeroed
/// when it is allocated, which takes as long as packing does and is then done in parallel too.
final class PackedStore {
  private final Kernels kernels;
  private final WorkerPool pool;
  private final Map<Key, Entry> entries = new HashMap<>();

  /// Where a weight is, which says which it is as long as someone uses it.
  private record Key(long address, TensorView weight) {
    static Key of(TensorView weight) {
      return new Key(weight.data().address(), weight);
    }

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

  /// Takes weights in native memory, each once, and packs those that are not yet. If they are
  /// mapped from a file, their pages are given back: they are not needed again, and if they are,
  /// the file is still there. Takes all or, if it throws, none.
  ///
  /// @param ready gets the bytes of each weight that had to be packed, one at a time
  synchronized void acquire(Collection<TensorView> weights, Scratch scratch, LongConsumer ready) {
    List<TensorView> missing =
        weights.stream()
            .filter(weight -> !entries.containsKey(Key.of(weight)))
            // A large one at the end would leave the other threads idle.
            .sorted(Comparator.comparingLong(TensorView::byteSize).reversed())
            .toList();
    var packed = new Linear[missing.size()];
    pool.run(
        (i, own) -> {
          packed[i] = pack(missing.get(i), own);
          synchronized (packed) {
            ready.accept(missing.get(i).byteSize());
          }
        },
        packed.length,
        scratch);
    for (int i = 0; i < packed.length; i++) {
      entries.put(Key.of(missing.get(i)), new Entry(packed[i]));
    }
    weights.forEach(weight -> entry(weight).userCount++);
  }

  private Linear pack(TensorView weight, Scratch scratch) {
    // Freed by the garbage collector, for kernels need not ask such memory whether it still lives.
    Linear linear = kernels.pack(weight, Arena.ofAuto(), pool, scratch);
    if (weight.data().isMapped()) {
      weight.data().unload();
    }
    return linear;
  }

  /// The layer of a weight that was acquired and not released since.
  synchronized Linear linear(TensorView weight) {
    return entry(weight).linear;
  }

  /// Gives up what [#acquire] took.
  synchronized void release(Collection<TensorView> weights) {
    for (TensorView weight : weights) {
      if (--entry(weight).userCount == 0) {
        entries.remove(Key.of(weight));
      }
    }
  }

  private Entry entry(TensorView weight) {
    Entry entry = entries.get(Key.of(weight));
    if (entry == null) {
      throw new IllegalStateException("weight %s is not acquired".formatted(weight.shape()));
    }
    return entry;
  }
}
