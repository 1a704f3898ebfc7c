// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.tensor.Shape;
import java.util.List;
import java.util.Optional;

/// The steps of all ops but products and attention.
final class NodeSteps {
  private static final List<String> ELEMENTWISE = List.of("gates", "elementwise");
  private static final List<String> ROWS = List.of("rows");
  private static final List<String> MOVEMENT = List.of("movement");

  private final Graph graph;
  private final GraphMemory memory;

  NodeSteps(Graph graph, GraphMemory memory) {
    this.graph = graph;
    this.memory = memory;
  }

  Step step(Node node) {
    return switch (node.op()) {
      case Op.Add _ -> binary(node, "add");
      case Op.Mul _ -> binary(node, "mul");
      case Op.Scale op -> scale(node, op);
      case Op.Silu _ -> unary(node, "silu");
      case Op.QuickGelu _ -> unary(node, "quick_gelu");
      case Op.Gelu op -> unary(node, op.form() == Op.Gelu.Form.TANH ? "gelu_tanh" : "gelu_erf");
      case Op.RmsNorm op -> rmsNorm(node, op);
      case Op.LayerNorm op -> layerNorm(node, op);
      case Op.Softmax _ -> rows(node, "softmax");
      case Op.Argmax _ -> rows(node, "argmax");
      case Op.Rope op -> rope(node, op);
      case Op.Concat op -> concat(node, op);
      case Op.Slice op -> slice(node, op);
      case Op.Transpose _ -> transpose(node);
      case Op.Pool2d op -> pool2d(node, op);
      case Op.SpaceToDepth op -> spaceToDepth(node, op);
      case Op.Reshape _ -> _ -> {}; // the same memory
      case Op.Embedding _, Op.MatMul _, Op.PatchEmbed _, Op.Attention _ ->
          throw new IllegalStateException(node.op().opName() + " has a class of its own");
    };
  }

  private Step unary(Node node, String name) {
    return arguments(name, ELEMENTWISE)
        .buffer(memory.input(node, 0))
        .buffer(memory.output(node))
        .linear(perItem(node.output()));
  }

  private Step scale(Node node, Op.Scale op) {
    return arguments("scale", ELEMENTWISE)
        .buffer(memory.input(node, 0))
        .buffer(memory.output(node))
        .real(op.factor())
        .linear(perItem(node.output()));
  }

  private Step binary(Node node, String name) {
    Value b = node.inputs().get(1);
    return arguments(name, ELEMENTWISE)
        .buffer(memory.input(node, 0))
        .buffer(memory.input(node, 1))
        .buffer(memory.output(node))
        .number(b.kind() == Value.Kind.CONSTANT ? perItem(b) : Integer.MAX_VALUE)
        .linear(perItem(node.output()));
  }

  /// Groups within a row are rows of their own.
  private Step rmsNorm(Node node, Op.RmsNorm op) {
    int cols = node.inputs().get(1).shape().cols();
    return arguments("rms_norm", ROWS)
        .buffer(memory.input(node, 0))
        .buffer(memory.input(node, 1))
        .buffer(memory.output(node))
        .real(op.eps())
        .number(cols)
        .rows(perItem(node.output()) / cols);
  }

  private Step layerNorm(Node node, Op.LayerNorm op) {
    return arguments("layer_norm", ROWS)
        .buffer(memory.input(node, 0))
        .buffer(memory.input(node, 1))
        .buffer(memory.input(node, 2))
        .buffer(memory.output(node))
        .real(op.eps())
        .number(node.output().shape().cols())
        .rows(node.output().shape().dim(0));
  }

  private Step rows(Node node, String name) {
    Shape x = node.inputs().getFirst().shape();
    return arguments(name, ROWS)
        .buffer(memory.input(node, 0))
        .buffer(memory.output(node))
        .number(x.cols())
        .rows(x.dim(0));
  }

  private Step rope(Node node, Op.Rope op) {
    return ropes(node, op, Optional.empty());
  }

  /// Two rotations by the same positions, of q and k as a rule.
  Step ropes(Fusion.Ropes fusion) {
    return ropes(fusion.first(), (Op.Rope) fusion.first().op(), Optional.of(fusion.second()));
  }

  private Step ropes(Node node, Op.Rope op, Optional<Node> second) {
    Optional<float[]> factors =
        node.inputs().size() > 2
            ? Optional.of(graph.constant(node.inputs().get(2)).toFloats())
            : Optional.empty();
    RopeTable table = RopeTable.of(op, factors);
    var kernel = memory.kernel("rope", List.of("rope"), second.map(_ -> "-DSECOND").orElse(""));
    var arguments =
        new Arguments(kernel)
            .buffer(memory.input(node, 0))
            .buffer(memory.input(node, 1))
            .buffer(memory.table(table.frequencies(), "rope frequencies"))
            .buffer(memory.table(table.sections(), "rope sections"))
            .buffer(memory.output(node))
            .number(op.headCount())
            .number(op.headLength())
            .number(op.ropeLength())
            .number(table.positionCount())
            .number(op.style() == Op.Rope.Style.INTERLEAVED ? 1 : 0)
            .real(op.magnitude());
    int headCount = op.headCount();
    if (second.isPresent()) {
      int more = ((Op.Rope) second.get().op()).headCount();
      arguments.buffer(memory.input(second.get(), 0)).buffer(memory.output(second.get()));
      arguments.number(more);
      headCount += more;
    }
    int units = op.headLength() - op.ropeLength() / 2;
    return arguments.linear(node.output().shape().dim(0) * headCount * units);
  }

  /// Runs of elements that are copied.
  ///
  /// @param length elements of a run
  /// @param from where the first one begins
  /// @param fromStride from one to the next
  /// @param to where the first one goes
  /// @param toStride from one to the next
  /// @param perItem runs of an item
  private record Runs(int length, int from, int fromStride, int to, int toStride, int perItem) {}

  /// Along columns row by row; along rows item by item, an item being one long row then.
  private Step concat(Node node, Op.Concat op) {
    int a = runLength(node.inputs().get(0), op.axis());
    int b = runLength(node.inputs().get(1), op.axis());
    int perItem = op.axis() == 1 ? node.output().shape().dim(0) : 1;
    return Step.both(
        copy(node, 0, new Runs(a, 0, a, 0, a + b, perItem)),
        copy(node, 1, new Runs(b, 0, b, a, a + b, perItem)));
  }

  private Step slice(Node node, Op.Slice op) {
    Value x = node.inputs().getFirst();
    int unit = op.axis() == 1 ? 1 : x.shape().cols();
    int length = op.length() * unit;
    int perItem = op.axis() == 1 ? x.shape().dim(0) : 1;
    int stride = runLength(x, op.axis());
    return copy(node, 0, new Runs(length, op.start() * unit, stride, 0, length, perItem));
  }

  private Step copy(Node node, int input, Runs runs) {
    return arguments("copy_runs", MOVEMENT)
        .buffer(memory.input(node, input))
        .buffer(memory.output(node))
        .number(runs.length())
        .number(runs.from())
        .number(runs.fromStride())
        .number(runs.to())
        .number(runs.toStride())
        .linear(runs.length() * runs.perItem());
  }

  private Step transpose(Node node) {
    Shape x = node.inputs().getFirst().shape();
    return arguments("transpose", MOVEMENT)
        .buffer(memory.input(node, 0))
        .buffer(memory.output(node))
        .number(x.dim(0))
        .number(x.cols())
        .linear(perItem(node.output()));
  }

  private Step pool2d(Node node, Op.Pool2d op) {
    return arguments("pool_2d", MOVEMENT)
        .buffer(memory.input(node, 0))
        .buffer(memory.output(node))
        .number(op.gridRows())
        .number(op.gridCols())
        .number(op.size())
        .number(node.output().shape().cols())
        .linear(perItem(node.output()));
  }

  private Step spaceToDepth(Node node, Op.SpaceToDepth op) {
    return arguments("space_to_depth", MOVEMENT)
        .buffer(memory.input(node, 0))
        .buffer(memory.output(node))
        .number(op.gridRows())
        .number(op.gridCols())
        .number(op.block())
        .number(node.inputs().getFirst().shape().cols())
        .linear(perItem(node.output()));
  }

  private Arguments arguments(String kernel, List<String> sources) {
    return new Arguments(memory.kernel(kernel, sources, ""));
  }

  private static int runLength(Value value, int axis) {
    return axis == 1 ? value.shape().cols() : perItem(value);
  }

  private static int perItem(Value value) {
    return Math.toIntExact(value.shape().elementCount());
  }
}
