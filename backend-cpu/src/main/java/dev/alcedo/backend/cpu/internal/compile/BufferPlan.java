// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.compile;

import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Gives every per-item value of a graph an array. F32 values share arrays when their lives do not
/// overlap: a value lives from the node that computes it to the last one that reads it, inputs from
/// the start, outputs to the end. I32 values (ids, positions) are few and keep their own.
///
/// A reshape is the same memory under another name.
final class BufferPlan {
  private static final int ARRAY_LENGTH_MAX = Integer.MAX_VALUE - 8;

  private final Graph graph;
  private final int itemCountMax;
  private final int[] root;
  private final int[] lastUse;
  private final int[] slotOf;
  private final List<Slot> slots = new ArrayList<>();
  private final float[][] floats;
  private final int[][] ints;
  private long byteSize;

  private static final class Slot {
    int length;
    boolean isFree;
  }

  BufferPlan(Graph graph, int itemCountMax) {
    this.graph = graph;
    this.itemCountMax = itemCountMax;
    int valueCount = graph.values().size();
    this.root = new int[valueCount];
    this.lastUse = new int[valueCount];
    this.slotOf = new int[valueCount];
    this.floats = new float[valueCount][];
    this.ints = new int[valueCount][];
    findLives();
    assignSlots();
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

  private void findLives() {
    for (int i = 0; i < root.length; i++) {
      root[i] = i;
    }
    Arrays.fill(lastUse, -1);
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      if (node.op() instanceof Op.Reshape) {
        root[node.output().id()] = root[node.inputs().get(0).id()];
      }
      for (Value input : node.inputs()) {
        lastUse[root[input.id()]] = i;
      }
    }
    for (Value output : graph.outputs()) {
      lastUse[root[output.id()]] = Integer.MAX_VALUE;
    }
  }

  private void assignSlots() {
    Arrays.fill(slotOf, -1);
    for (Value input : graph.inputs()) {
      claim(input);
    }
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      if (!(node.op() instanceof Op.Reshape)) {
        claim(node.output());
      }
      // Inputs are released after the output has its place: no kernel works in place.
      for (Value value : graph.values()) {
        if (lastUse[value.id()] == i && slotOf[value.id()] >= 0) {
          slots.get(slotOf[value.id()]).isFree = true;
        }
      }
    }
  }

  /// The free slot that wastes least, or grows least, or a new one.
  private void claim(Value value) {
    if (value.dtype() != DType.F32) {
      return;
    }
    int length = arrayLength(value);
    int best = -1;
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).isFree && (best < 0 || isBetter(slots.get(i), slots.get(best), length))) {
        best = i;
      }
    }
    if (best < 0) {
      best = slots.size();
      slots.add(new Slot());
    }
    Slot slot = slots.get(best);
    slot.isFree = false;
    slot.length = Math.max(slot.length, length);
    slotOf[value.id()] = best;
  }

  private static boolean isBetter(Slot a, Slot b, int length) {
    boolean isEnough = a.length >= length;
    return isEnough == b.length >= length ? isEnough == a.length < b.length : isEnough;
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
    var arrays = new float[slots.size()][];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = new float[slots.get(i).length];
      byteSize += 4L * arrays[i].length;
    }
    for (Value value : graph.values()) {
      if (!value.kind().isPerItem()) {
        continue;
      }
      int source = root[value.id()];
      if (value.dtype() == DType.F32) {
        floats[value.id()] = slotOf[source] < 0 ? new float[0] : arrays[slotOf[source]];
      } else if (source != value.id()) {
        ints[value.id()] = ints[source];
      } else {
        ints[value.id()] = new int[arrayLength(value)];
        byteSize += 4L * ints[value.id()].length;
      }
    }
  }
}
