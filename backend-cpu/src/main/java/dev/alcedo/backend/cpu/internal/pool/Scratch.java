// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.pool;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Working memory of one thread, kept from call to call. Each kernel numbers its own arrays; what
/// is in them at the start of a call is undefined.
public final class Scratch {
  private static final int SLOT_COUNT = 8;
  private static final int SHORT_SLOT_COUNT = 2;
  private static final float[] EMPTY = {};
  private static final short[] NO_SHORTS = {};

  private final float[][] arrays = new float[SLOT_COUNT][];
  private final short[][] shortArrays = new short[SHORT_SLOT_COUNT][];
  private final Map<Class<?>, Object> objects = new HashMap<>();

  /// Holds nothing yet.
  public Scratch() {
    Arrays.fill(arrays, EMPTY);
    Arrays.fill(shortArrays, NO_SHORTS);
  }

  /// Array number `slot`, at least `length` long.
  public float[] floats(int slot, int length) {
    float[] array = arrays[slot];
    if (array.length < length) {
      // A quarter more, because lengths that follow a growing KV cache grow one by one.
      array = new float[(int) Math.min(Integer.MAX_VALUE - 8, length + length / 4L)];
      arrays[slot] = array;
    }
    return array;
  }

  /// Array number `slot` of shorts, at least `length` long.
  public short[] shorts(int slot, int length) {
    short[] array = shortArrays[slot];
    if (array.length < length) {
      array = new short[length];
      shortArrays[slot] = array;
    }
    return array;
  }

  /// This thread's object of `type`, made when first asked for.
  public <T> T object(Class<T> type, Supplier<T> maker) {
    Object object = objects.get(type);
    if (object == null) {
      object = maker.get();
      objects.put(type, object);
    }
    return type.cast(object);
  }
}
