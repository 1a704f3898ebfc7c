// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.backend.gpu.internal.opencl.ClDevice;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Gives every per-item value of a graph a buffer on the device; values whose lives do not overlap
/// share one. A value lives from the node that computes it to the last one that reads it, inputs
/// from the start, outputs to the end. A reshape is the same memory under another name.
final class DevicePlan implements AutoCloseable {
  private static final long ELEMENT_COUNT_MAX = Integer.MAX_VALUE;

  private final Graph graph;
  private final int itemCountMax;
  private final int[] root;
  private final int[] lastUse;
  private final int[] slotOf;
  private final List<Slot> slots = new ArrayList<>();
  private final List<ClBuffer> buffers = new ArrayList<>();

  private static final class Slot {
    long elementCount;
    boolean isFree;
  }

  DevicePlan(Graph graph, int itemCountMax, ClDevice device) {
    this.graph = graph;
    this.itemCountMax = itemCountMax;
    int valueCount = graph.values().size();
    this.root = new int[valueCount];
    this.lastUse = new int[valueCount];
    this.slotOf = new int[valueCount];
    findLives();
    assignSlots();
    try {
      for (Slot slot : slots) {
        buffers.add(
            device.allocate(
                4 * slot.elementCount, "intermediate values of '%s'".formatted(graph.name())));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /// The buffer of a per-item value; item `i` starts at element `i` times the shape's count.
  ClBuffer buffer(Value value) {
    return buffers.get(slotOf[root[value.id()]]);
  }

  /// Bytes of all buffers.
  long byteSize() {
    return buffers.stream().mapToLong(ClBuffer::byteSize).sum();
  }

  private void findLives() {
    for (int i = 0; i < root.length; i++) {
      root[i] = i;
    }
    Arrays.fill(lastUse, -1);
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      if (node.op() instanceof Op.Reshape) {
        root[node.output().id()] = root[node.inputs().getFirst().id()];
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
    graph.inputs().forEach(this::claim);
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
    long count = elementCount(value);
    int best = -1;
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).isFree && (best < 0 || isBetter(slots.get(i), slots.get(best), count))) {
        best = i;
      }
    }
    if (best < 0) {
      best = slots.size();
      slots.add(new Slot());
    }
    Slot slot = slots.get(best);
    slot.isFree = false;
    slot.elementCount = Math.max(slot.elementCount, count);
    slotOf[value.id()] = best;
  }

  private static boolean isBetter(Slot a, Slot b, long count) {
    boolean isEnough = a.elementCount >= count;
    return isEnough == b.elementCount >= count
        ? isEnough == a.elementCount < b.elementCount
        : isEnough;
  }

  private long elementCount(Value value) {
    return checked(graph, value, value.shape().elementCount(), itemCountMax);
  }

  /// Elements of a value for all items.
  ///
  /// @throws ResourceExhaustedException if kernels could not number them
  static long checked(Graph graph, Value value, long perItem, int itemCountMax) {
    if (perItem > ELEMENT_COUNT_MAX / itemCountMax) {
      throw new ResourceExhaustedException(
          "compile of graph '%s': '%s' %s for %d items: expected at most %d elements; compile for fewer items"
              .formatted(
                  graph.name(), value.name(), value.shape(), itemCountMax, ELEMENT_COUNT_MAX));
    }
    return perItem * itemCountMax;
  }

  @Override
  public void close() {
    buffers.forEach(ClBuffer::close);
  }
}
