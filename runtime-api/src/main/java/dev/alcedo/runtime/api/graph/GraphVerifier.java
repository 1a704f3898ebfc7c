// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.graph;

import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Checks that a graph is well formed; run on every graph, so that backends need no checks of their
/// own. The rules: ids are dense, names unique, every constant has memory of its type and shape,
/// each node's inputs are known before it, its output has the type and shape that [ShapeRules]
/// infer and is computed once, outputs are computed or inputs.
final class GraphVerifier {
  private GraphVerifier() {}

  static void verify(
      String name,
      List<Value> values,
      List<Value> inputs,
      List<Value> outputs,
      List<Node> nodes,
      Map<Value, TensorView> constants) {
    Set<String> names = new HashSet<>();
    BitSet known = new BitSet(values.size());
    for (int i = 0; i < values.size(); i++) {
      Value value = values.get(i);
      check(
          name, value.id() == i, "value '%s': expected id %d, got %d", value.name(), i, value.id());
      check(name, names.add(value.name()), "two values are called '%s'", value.name());
      if (value.kind() == Value.Kind.CONSTANT) {
        checkConstant(name, value, constants.get(value));
        known.set(i);
      }
    }
    for (Value input : inputs) {
      check(
          name,
          input.kind() == Value.Kind.INPUT,
          "'%s' is listed as an input but is %s",
          input.name(),
          input.kind());
      known.set(input.id());
    }
    for (Node node : nodes) {
      for (Value in : node.inputs()) {
        check(name, isOwn(values, in), "'%s' is no value of the graph", in.name());
        check(
            name,
            known.get(in.id()),
            "%s reads '%s' before it is computed",
            node.op().opName(),
            in.name());
      }
      checkOutput(name, values, node);
      check(name, !known.get(node.output().id()), "'%s' is computed twice", node.output().name());
      known.set(node.output().id());
    }
    check(name, !outputs.isEmpty(), "no outputs");
    for (Value output : outputs) {
      check(
          name,
          isOwn(values, output) && known.get(output.id()) && output.kind().isPerItem(),
          "output '%s' is never computed",
          output.name());
    }
  }

  private static void checkConstant(String name, Value value, TensorView view) {
    check(name, view != null, "constant '%s' has no memory", value.name());
    check(
        name,
        view.dtype() == value.dtype() && view.shape().equals(value.shape()),
        "constant '%s': expected %s %s, got %s %s",
        value.name(),
        value.dtype(),
        value.shape(),
        view.dtype(),
        view.shape());
  }

  private static void checkOutput(String name, List<Value> values, Node node) {
    Value out = node.output();
    check(
        name,
        isOwn(values, out) && out.kind() == Value.Kind.COMPUTED,
        "'%s' is not a computed value of the graph",
        out.name());
    ShapeRules.Result expected = ShapeRules.infer(node.op(), node.inputs());
    check(
        name,
        expected.dtype() == out.dtype() && expected.shape().equals(out.shape()),
        "output '%s' of %s: expected %s %s, got %s %s",
        out.name(),
        node.op().opName(),
        expected.dtype(),
        expected.shape(),
        out.dtype(),
        out.shape());
  }

  private static boolean isOwn(List<Value> values, Value value) {
    return value.id() >= 0 && value.id() < values.size() && values.get(value.id()) == value;
  }

  private static void check(String name, boolean isTrue, String format, Object... args) {
    if (!isTrue) {
      throw new IllegalArgumentException("graph '%s': %s".formatted(name, format.formatted(args)));
    }
  }
}
