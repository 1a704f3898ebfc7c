// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import org.junit.jupiter.api.Test;

class ValueSlotsTest {
  @Test
  void sharesWhatDoesNotLiveTogether() {
    var g = new GraphBuilder("chain");
    Value x = g.input("x", DType.F32, 1, 8);
    Value a = g.node(new Op.Silu(), x);
    Value b = g.node(new Op.Silu(), a);
    Value c = g.node(new Op.Silu(), b);
    Value y = g.node(new Op.Add(), c, a);
    g.output(y);
    var slots = new ValueSlots(g.build(), _ -> true, v -> v.shape().elementCount());
    assertEquals(slots.of(x), slots.of(b), "x is read for the last time before b is computed");
    assertNotEquals(slots.of(a), slots.of(b), "no node works in place");
    assertNotEquals(slots.of(a), slots.of(c), "a is still to be added");
    assertEquals(3, slots.count());
  }

  @Test
  void keepsAReshapesMemoryAsLongAsItIsRead() {
    var g = new GraphBuilder("reshape");
    Value x = g.input("x", DType.F32, 1, 8);
    Value a = g.node(new Op.Silu(), x);
    Value r = g.node(new Op.Reshape(Shape.of(2, 4)), a);
    Value b = g.node(new Op.Silu(), r);
    g.output(b);
    var slots = new ValueSlots(g.build(), _ -> true, v -> v.shape().elementCount());
    assertEquals(slots.of(a), slots.of(r));
    assertEquals(a, slots.root(r));
    assertNotEquals(slots.of(a), slots.of(b));
  }

  @Test
  void keepsWhatIsReadByNodesThatAreComputedTogether() {
    var g = new GraphBuilder("together");
    Value x = g.input("x", DType.F32, 1, 8);
    Value a = g.node(new Op.Silu(), x);
    Value b = g.node(new Op.Silu(), a);
    Value c = g.node(new Op.Silu(), b);
    Graph graph = g.output(c).build();
    var apart = new ValueSlots(graph, _ -> true, v -> v.shape().elementCount());
    assertEquals(apart.of(a), apart.of(c));
    var together =
        new ValueSlots(graph, _ -> true, v -> v.shape().elementCount(), i -> i == 0 ? 0 : 2);
    assertNotEquals(together.of(a), together.of(c), "a is read while c is written");
  }
}
