// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Keys and values of one sequence, in host memory that every backend shares, so that prefill on
/// one device and decode on another work.
///
/// Layout, for each layer: keys `[headCountKv, capacity, headLength]`, then values of the same
/// shape, row-major, `layout.dtype()`. Who made it closes it; one thread at a time.
public final class KvCache implements AutoCloseable {
  private static final long ALIGNMENT = 64;

  private final KvLayout layout;
  private final int capacity;
  private final Arena arena;
  private final MemorySegment memory;
  private final long planeBytes;
  // Made once: who attends asks for them all the time.
  private final MemorySegment[] planes;
  private final Map<Object, Replica> replicas = new IdentityHashMap<>();

  /// What a device with memory of its own keeps of a cache. The host's memory is always complete,
  /// so that any backend can go on; a replica saves uploading it anew for every run.
  public interface Replica extends AutoCloseable {
    /// Positions from `position` on were stored by somebody else: what is here of them is old.
    void staleFrom(int position);

    @Override
    void close();
  }

  /// A cache for `capacity` positions. The memory is zeroed and owned by this object.
  ///
  /// @throws IllegalArgumentException if capacity is below 1
  /// @throws OutOfMemoryError if there is no memory; check the plan first
  public KvCache(KvLayout layout, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("KV cache capacity: expected at least 1, got " + capacity);
    }
    this.layout = layout;
    this.capacity = capacity;
    this.planeBytes = planeBytes(layout, capacity);
    this.arena = Arena.ofShared();
    this.memory = arena.allocate(byteSize(layout, capacity), ALIGNMENT);
    this.planes = new MemorySegment[2 * layout.layerCount()];
    Arrays.setAll(planes, i -> memory.asSlice(i * planeBytes, planeBytes));
  }

  /// Bytes that a cache of this layout and capacity takes.
  public static long byteSize(KvLayout layout, int capacity) {
    return Math.multiplyExact(planeBytes(layout, capacity), 2L * layout.layerCount());
  }

  /// What one position holds.
  public KvLayout layout() {
    return layout;
  }

  /// Positions that fit.
  public int capacity() {
    return capacity;
  }

  /// Keys of a layer, `[headCountKv, capacity, headLength]`.
  public MemorySegment keys(int layer) {
    return planes[2 * layer];
  }

  /// Values of a layer, `[headCountKv, capacity, headLength]`.
  public MemorySegment values(int layer) {
    return planes[2 * layer + 1];
  }

  /// The replica of `owner`, made when first asked for, closed with this cache.
  public Replica replica(Object owner, Supplier<? extends Replica> maker) {
    return replicas.computeIfAbsent(owner, _ -> maker.get());
  }

  /// Called by a backend before it stores positions from `position` on: replicas of others become
  /// old from there.
  ///
  /// @param owner whose own replica, if it has one, stays as it is
  public void storing(int position, Object owner) {
    if (!replicas.isEmpty()) {
      replicas.forEach((key, replica) -> {
        if (key != owner) {
          replica.staleFrom(position);
        }
      });
    }
  }

  /// Copies the first `length` positions of every layer and head to `other`, which has the same
  /// layout and at least as many positions.
  public void copyTo(KvCache other, int length) {
    if (!other.layout.equals(layout) || length > Math.min(capacity, other.capacity)) {
      throw new IllegalArgumentException(
          "copy of %d positions from a KV cache of %d to one of %d"
              .formatted(length, capacity, other.capacity));
    }
    other.storing(0, this);
    long headBytes = layout.dtype().bytes((long) length * layout.headLength());
    for (int plane = 0; plane < 2 * layout.layerCount(); plane++) {
      for (int head = 0; head < layout.headCountKv(); head++) {
        MemorySegment.copy(
            memory,
            headOffset(plane, head),
            other.memory,
            other.headOffset(plane, head),
            headBytes);
      }
    }
  }

  private long headOffset(int plane, int head) {
    return plane * planeBytes + head * layout.dtype().bytes((long) capacity * layout.headLength());
  }

  /// Frees the memory and closes all replicas; does nothing the second time.
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      replicas.values().forEach(Replica::close);
      replicas.clear();
      arena.close();
    }
  }

  private static long planeBytes(KvLayout layout, int capacity) {
    long elements =
        Math.multiplyExact((long) layout.headCountKv() * layout.headLength(), (long) capacity);
    return layout.dtype().bytes(elements);
  }
}
