// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/// Which values of a graph can have the same memory: backends allocate one array or buffer per
/// slot. A value lives from the node that computes it to the last one that reads it, inputs from
/// the start, outputs to the end; values in one slot do not live at the same time. A reshape is the
/// same memory under another name. No node works in place: its output is in none of its inputs'
/// slots.
public final class ValueSlots {
  /// The slot of a value that has none.
  public static final int NONE = -1;

  private final Graph graph;
  private final Predicate<Value> isPlanned;
  private final ToLongFunction<Value> length;
  private final Value[] root;
  private final int[] lastUse;
  private final int[] slotOf;
  private final List<Slot> slots = new ArrayList<>();

  private static final class Slot {
    long length;
    boolean isFree;
  }

  /// Gives the inputs and node outputs of `graph` that `isPlanned` accepts a slot.
  ///
  /// @param length the elements that a value takes for all items
  public ValueSlots(Graph graph, Predicate<Value> isPlanned, ToLongFunction<Value> length) {
    this(graph, isPlanned, length, IntUnaryOperator.identity());
  }

  /// As above, for backends that compute several nodes at once: what one of them reads is not
  /// overwritten by any of them.
  ///
  /// @param end the position of the last node that is computed together with the one at a position
  public ValueSlots(
      Graph graph, Predicate<Value> isPlanned, ToLongFunction<Value> length, IntUnaryOperator end) {
    this.graph = graph;
    this.isPlanned = isPlanned;
    this.length = length;
    int valueCount = graph.values().size();
    this.root = new Value[valueCount];
    this.lastUse = new int[valueCount];
    this.slotOf = new int[valueCount];
    findLives(end);
    assign();
  }

  /// The value whose memory `value` names: itself, but for reshapes.
  public Value root(Value value) {
    return root[value.id()];
  }

  /// The slot of `value`, or [#NONE].
  public int of(Value value) {
    return slotOf[root(value).id()];
  }

  /// How many slots there are.
  public int count() {
    return slots.size();
  }

  /// Elements that slot `slot` needs: as many as the largest value in it.
  public long length(int slot) {
    return slots.get(slot).length;
  }

  private void findLives(IntUnaryOperator end) {
    graph.values().forEach(value -> root[value.id()] = value);
    Arrays.fill(lastUse, -1);
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      if (node.op() instanceof Op.Reshape) {
        root[node.output().id()] = root(node.inputs().getFirst());
      }
      for (Value input : node.inputs()) {
        lastUse[root(input).id()] = end.applyAsInt(i);
      }
    }
    for (Value output : graph.outputs()) {
      lastUse[root(output).id()] = Integer.MAX_VALUE;
    }
  }

  private void assign() {
    Arrays.fill(slotOf, NONE);
    graph.inputs().forEach(this::claim);
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      if (!(node.op() instanceof Op.Reshape)) {
        claim(node.output());
      }
      // Inputs are released after the output has its place: no kernel works in place.
      for (Value value : graph.values()) {
        if (lastUse[value.id()] == i && slotOf[value.id()] != NONE) {
          slots.get(slotOf[value.id()]).isFree = true;
        }
      }
    }
  }

  /// The free slot that wastes least, or grows least, or a new one.
  private void claim(Value value) {
    if (!isPlanned.test(value)) {
      return;
    }
    long wanted = length.applyAsLong(value);
    int best = NONE;
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).isFree
          && (best == NONE || isBetter(slots.get(i), slots.get(best), wanted))) {
        best = i;
      }
    }
    if (best == NONE) {
      best = slots.size();
      slots.add(new Slot());
    }
    Slot slot = slots.get(best);
    slot.isFree = false;
    slot.length = Math.max(slot.length, wanted);
    slotOf[value.id()] = best;
  }

  private static boolean isBetter(Slot a, Slot b, long wanted) {
    boolean isEnough = a.length >= wanted;
    return isEnough == b.length >= wanted ? isEnough == a.length < b.length : isEnough;
  }
}
