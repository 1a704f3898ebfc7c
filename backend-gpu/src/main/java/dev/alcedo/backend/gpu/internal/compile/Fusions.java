// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.weights.WeightLayout;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds what one kernel can compute: the graph stays as it is, and every node is in one fusion at
/// most. A decoder's block comes to: norm + q, k, v; both rotations; attention; output + add; norm
/// + gate, up, activation, mul; down + add.
final class Fusions {
  private static final int PRODUCT_COUNT_MAX = 3;

  private final List<Node> nodes;
  private final int[] readers;
  private final int[] ends;
  private final Map<Integer, Fusion> byStart = new HashMap<>();

  Fusions(Graph graph) {
    this.nodes = graph.nodes();
    this.readers = new int[graph.values().size()];
    this.ends = new int[nodes.size()];
    for (Node node : nodes) {
      node.inputs().forEach(value -> readers[value.id()]++);
    }
    graph.outputs().forEach(value -> readers[value.id()]++);
    Arrays.setAll(ends, i -> i);
    for (int i = 0; i < nodes.size(); i++) {
      Optional<Fusion> found = find(i);
      if (found.isPresent()) {
        byStart.put(i, found.get());
        Arrays.fill(ends, i, found.get().end() + 1, found.get().end());
        i = found.get().end();
      }
    }
  }

  /// The fusion that starts at a node.
  Optional<Fusion> at(int start) {
    return Optional.ofNullable(byStart.get(start));
  }

  /// Position of the last node that is computed together with node `i`.
  int end(int i) {
    return ends[i];
  }

  private Optional<Fusion> find(int start) {
    return ropes(start).or(() -> products(start));
  }

  private Optional<Fusion> ropes(int i) {
    if (i + 1 < nodes.size()
        && nodes.get(i).op() instanceof Op.Rope a
        && nodes.get(i + 1).op() instanceof Op.Rope b
        && isSameTurn(a, b)
        && nodes.get(i + 1).inputs().getFirst() != nodes.get(i).output()
        && tail(nodes.get(i)).equals(tail(nodes.get(i + 1)))) {
      return Optional.of(new Fusion.Ropes(i, i + 1, nodes.get(i), nodes.get(i + 1)));
    }
    return Optional.empty();
  }

  private static boolean isSameTurn(Op.Rope a, Op.Rope b) {
    return a.equals(
        new Op.Rope(
            b.style(),
            a.headCount(),
            b.headLength(),
            b.ropeLength(),
            b.freqBase(),
            b.freqScale(),
            b.magnitude(),
            b.sections()));
  }

  /// All inputs but the first.
  private static List<Value> tail(Node node) {
    return node.inputs().subList(1, node.inputs().size());
  }

  private Optional<Fusion> products(int start) {
    Optional<Node> norm =
        nodes.get(start).op() instanceof Op.RmsNorm && isWholeRow(nodes.get(start))
            ? Optional.of(nodes.get(start))
            : Optional.empty();
    int at = start + norm.map(_ -> 1).orElse(0);
    List<Node> products = sameProducts(at, norm.map(Node::output));
    if (products.isEmpty() || norm.isPresent() && !isNormFused(norm.get(), products)) {
      return Optional.empty();
    }
    at += products.size();
    if (products.size() == 2 && isGate(at, products)) {
      return Optional.of(
          new Fusion.Products(
              start,
              at + 1,
              norm,
              products,
              Optional.of(nodes.get(at)),
              Optional.of(nodes.get(at + 1))));
    }
    if (products.size() == 1 && isResidual(at, products.getFirst())) {
      return Optional.of(
          new Fusion.Products(
              start, at, norm, products, Optional.empty(), Optional.of(nodes.get(at))));
    }
    return norm.isEmpty() && products.size() == 1
        ? Optional.empty()
        : Optional.of(
            new Fusion.Products(start, at - 1, norm, products, Optional.empty(), Optional.empty()));
  }

  private static boolean isWholeRow(Node norm) {
    return norm.inputs().get(1).shape().cols() == norm.output().shape().cols()
        && norm.output().shape().dim(0) == 1;
  }

  /// Products from `at` on of the same row (`x` if there is one) and with weights of one kind.
  private List<Node> sameProducts(int at, Optional<Value> x) {
    var products = new ArrayList<Node>();
    for (int i = at; i < nodes.size() && products.size() < PRODUCT_COUNT_MAX; i++) {
      Node node = nodes.get(i);
      if (!(node.op() instanceof Op.MatMul) || node.output().shape().dim(0) != 1) {
        break;
      }
      Value input = node.inputs().getFirst();
      DType dtype = node.inputs().get(1).dtype();
      Node first = products.isEmpty() ? node : products.getFirst();
      if (WeightLayout.of(dtype).isEmpty()
          || !input.equals(x.orElse(first.inputs().getFirst()))
          || dtype != first.inputs().get(1).dtype()) {
        break;
      }
      products.add(node);
    }
    return products;
  }

  /// Kernels apply the norm's factor to sums, so that what is multiplied is not the norm itself:
  /// not where x is rounded before. They read x and the norm's weight eight elements at a time.
  private boolean isNormFused(Node norm, List<Node> products) {
    return readers[norm.output().id()] == products.size()
        && RowProducts.roundedBits(products.getFirst()) == 0
        && norm.output().shape().cols() % 8 == 0;
  }

  private boolean isGate(int at, List<Node> products) {
    if (at + 1 >= nodes.size() || !(nodes.get(at + 1).op() instanceof Op.Mul)) {
      return false;
    }
    Node gate = nodes.get(at);
    boolean isActivation =
        switch (gate.op()) {
          case Op.Silu _, Op.Gelu _, Op.QuickGelu _ -> true;
          default -> false;
        };
    Value first = products.getFirst().output();
    Value second = products.getLast().output();
    List<Value> factors = nodes.get(at + 1).inputs();
    return isActivation
        && gate.inputs().getFirst().equals(first)
        && (factors.equals(List.of(gate.output(), second))
            || factors.equals(List.of(second, gate.output())))
        && readers[first.id()] == 1
        && readers[second.id()] == 1
        && readers[gate.output().id()] == 1;
  }

  private boolean isResidual(int at, Node product) {
    return at < nodes.size()
        && nodes.get(at).op() instanceof Op.Add
        && nodes.get(at).inputs().contains(product.output())
        && other(nodes.get(at), product).shape().equals(product.output().shape())
        && other(nodes.get(at), product).kind().isPerItem()
        && readers[product.output().id()] == 1;
  }

  /// What `add` adds to the output of `product`.
  static Value other(Node add, Node product) {
    return add.inputs().get(otherIndex(add, product));
  }

  /// Which input of `add` that is.
  static int otherIndex(Node add, Node product) {
    return add.inputs().getFirst().equals(product.output()) ? 1 : 0;
  }
}
