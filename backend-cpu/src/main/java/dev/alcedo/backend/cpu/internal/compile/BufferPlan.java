// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.compile;

import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.graph.ValueSlots;
import dev.alcedo.runtime.api.tensor.DType;

/// Gives every per-item value of a graph an array. F32 values share arrays as [ValueSlots] says;
/// I32 values (ids, positions) are few and keep their own, but for reshapes.
final class BufferPlan {
  private static final int ARRAY_LENGTH_MAX = Integer.MAX_VALUE - 8;

  private final Graph graph;
  private final int itemCountMax;
  private final ValueSlots slots;
  private final float[][] floats;
  private final int[][] ints;
  private long byteSize;

  BufferPlan(Graph graph, int itemCountMax) {
    this.graph = graph;
    this.itemCountMax = itemCountMax;
    this.slots = new ValueSlots(graph, value -> value.dtype() == DType.F32, this::arrayLength);
    int valueCount = graph.values().size();
    this.floats = new float[valueCount][];
    this.ints = new int[valueCount][];
    allocate();
  }

  /// The array of an F32 value; item `i` starts at `i` times the shape's element count.
  float[] floats(Value value) {
    return floats[value.id()];
  }

  /// The array of an I32 value.
  int[] ints(Value value) {
    return ints[value.id()];
  }

  /// Bytes of all arrays.
  long byteSize() {
    return byteSize;
  }

  private int arrayLength(Value value) {
    long length;
    try {
      length = Math.multiplyExact(value.shape().elementCount(), (long) itemCountMax);
    } catch (ArithmeticException e) {
      length = Long.MAX_VALUE;
    }
    if (length > ARRAY_LENGTH_MAX) {
      throw new ResourceExhaustedException(
          "compile of graph '%s': '%s' %s for %d items: expected at most %d elements, got %d; compile for fewer items"
              .formatted(
                  graph.name(),
                  value.name(),
                  value.shape(),
                  itemCountMax,
                  ARRAY_LENGTH_MAX,
                  length));
    }
    return (int) length;
  }

  private void allocate() {
    var arrays = new float[slots.count()][];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = new float[(int) slots.length(i)];
      byteSize += 4L * arrays[i].length;
    }
    for (Value value : graph.values()) {
      if (!value.kind().isPerItem()) {
        continue;
      }
      Value root = slots.root(value);
      if (value.dtype() == DType.F32) {
        int slot = slots.of(value);
        floats[value.id()] = slot == ValueSlots.NONE ? new float[0] : arrays[slot];
      } else if (root != value) {
        ints[value.id()] = ints[root.id()];
      } else {
        ints[value.id()] = new int[arrayLength(value)];
        byteSize += 4L * ints[value.id()].length;
      }
    }
  }
}
