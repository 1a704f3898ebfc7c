// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/// Non-negative longs to non-negative ints, open addressing: a table of merges has hundreds of
/// thousands of entries, which boxed keys would make slow to build and large to keep. Adding only.
/// The hash has a random seed, so that no file can put all of its keys into one slot.
final class LongIntMap {
  /// What [#get] answers for a missing key.
  static final int MISSING = -1;

  private long[] keys;
  private int[] values;
  private final long seed = ThreadLocalRandom.current().nextLong();
  private int size;

  LongIntMap(int expected) {
    int capacity = 16;
    while (capacity < 2L * expected && capacity < 1 << 30) {
      capacity <<= 1;
    }
    allocate(capacity);
  }

  /// The value of `key`, or [#MISSING].
  int get(long key) {
    return values[slot(key)];
  }

  /// Sets `key` where it is missing; tells whether it was.
  boolean putIfAbsent(long key, int value) {
    int slot = slot(key);
    if (values[slot] != MISSING) {
      return false;
    }
    keys[slot] = key;
    values[slot] = value;
    if (++size > keys.length / 2) {
      grow();
    }
    return true;
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    int slot = (int) (mix(key ^ seed) & mask);
    while (values[slot] != MISSING && keys[slot] != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  /// MurmurHash3's 64-bit finaliser: neighbouring ids must not share a run of slots.
  private static long mix(long key) {
    long h = (key ^ key >>> 33) * 0xff51afd7ed558ccdL;
    h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
    return h ^ h >>> 33;
  }

  private void allocate(int capacity) {
    keys = new long[capacity];
    values = new int[capacity];
    Arrays.fill(values, MISSING);
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    allocate(Math.multiplyExact(oldKeys.length, 2));
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != MISSING) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }
}
