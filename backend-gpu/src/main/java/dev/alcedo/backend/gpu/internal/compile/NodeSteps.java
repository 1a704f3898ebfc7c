// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.backend.gpu.internal.opencl.ClKernel;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.tensor.Shape;
import java.util.List;
import java.util.Optional;

/// The steps of all ops but products and attention.
final class NodeSteps {
  private static final List<String> ELEMENTWISE = List.of("elementwise");
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
    ClKernel kernel = memory.kernel(name, ELEMENTWISE, "");
    kernel.buffer(0, memory.input(node, 0));
    kernel.buffer(1, memory.output(node));
    return Step.linear(kernel, 2, perItem(node.output()));
  }

  private Step scale(Node node, Op.Scale op) {
    ClKernel kernel = memory.kernel("scale", ELEMENTWISE, "");
    kernel.buffer(0, memory.input(node, 0));
    kernel.buffer(1, memory.output(node));
    kernel.real(2, op.factor());
    return Step.linear(kernel, 3, perItem(node.output()));
  }

  private Step binary(Node node, String name) {
    ClKernel kernel = memory.kernel(name, ELEMENTWISE, "");
    kernel.buffer(0, memory.input(node, 0));
    kernel.buffer(1, memory.input(node, 1));
    kernel.buffer(2, memory.output(node));
    Value b = node.inputs().get(1);
    kernel.number(3, b.kind() == Value.Kind.CONSTANT ? perItem(b) : Integer.MAX_VALUE);
    return Step.linear(kernel, 4, perItem(node.output()));
  }

  /// Groups within a row are rows of their own.
  private Step rmsNorm(Node node, Op.RmsNorm op) {
    int cols = node.inputs().get(1).shape().cols();
    ClKernel kernel = memory.kernel("rms_norm", ROWS, "");
    kernel.buffer(0, memory.input(node, 0));
    kernel.buffer(1, memory.input(node, 1));
    kernel.buffer(2, memory.output(node));
    kernel.real(3, op.eps());
    kernel.number(4, cols);
    return Step.rows(kernel, perItem(node.output()) / cols);
  }

  private Step layerNorm(Node node, Op.LayerNorm op) {
    ClKernel kernel = memory.kernel("layer_norm", ROWS, "");
    kernel.buffer(0, memory.input(node, 0));
    kernel.buffer(1, memory.input(node, 1));
    kernel.buffer(2, memory.input(node, 2));
    kernel.buffer(3, memory.output(node));
    kernel.real(4, op.eps());
    kernel.number(5, node.output().shape().cols());
    return Step.rows(kernel, node.output().shape().dim(0));
  }

  private Step rows(Node node, String name) {
    Shape x = node.inputs().getFirst().shape();
    ClKernel kernel = memory.kernel(name, ROWS, "");
    kernel.buffer(0, memory.input(node, 0));
    kernel.buffer(1, memory.output(node));
    kernel.number(2, x.cols());
    return Step.rows(kernel, x.dim(0));
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
    ClKernel kernel =
        memory.kernel("rope", List.of("rope"), second.map(_ -> "-DSECOND").orElse(""));
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
    return Step.linear(kernel, arguments.next(), node.output().shape().dim(0) * headCount * units);
  }

  /// Along columns row by row; along rows item by item, an item being one long row then.
  private Step concat(Node node, Op.Concat op) {
    int a = runLength(node.inputs().get(0), op.axis());
    int b = runLength(node.inputs().get(1), op.axis());
    int runCount = op.axis() == 1 ? node.output().shape().dim(0) : 1;
    ClBuffer to = memory.output(node);
    Step first = copy(memory.input(node, 0), to, a, 0, a, 0, a + b, runCount);
    Step second = copy(memory.input(node, 1), to, b, 0, b, a, a + b, runCount);
    return Step.both(first, second);
  }

  private Step slice(Node node, Op.Slice op) {
    Value x = node.inputs().getFirst();
    int unit = op.axis() == 1 ? 1 : x.shape().cols();
    int length = op.length() * unit;
    int runCount = op.axis() == 1 ? x.shape().dim(0) : 1;
    return copy(
        memory.input(node, 0),
        memory.output(node),
        length,
        op.start() * unit,
        runLength(x, op.axis()),
        0,
        length,
        runCount);
  }

  private Step copy(
      ClBuffer from,
      ClBuffer to,
      int length,
      int fromStart,
      int fromStride,
      int toStart,
      int toStride,
      int runsPerItem) {
    ClKernel kernel = memory.kernel("copy_runs", MOVEMENT, "");
    kernel.buffer(0, from);
    kernel.buffer(1, to);
    kernel.number(2, length);
    kernel.number(3, fromStart);
    kernel.number(4, fromStride);
    kernel.number(5, toStart);
    kernel.number(6, toStride);
    return Step.linear(kernel, 7, length * runsPerItem);
  }

  private Step transpose(Node node) {
    Shape x = node.inputs().getFirst().shape();
    ClKernel kernel = memory.kernel("transpose", MOVEMENT, "");
    kernel.buffer(0, memory.input(node, 0));
    kernel.buffer(1, memory.output(node));
    kernel.number(2, x.dim(0));
    kernel.number(3, x.cols());
    return Step.linear(kernel, 4, perItem(node.output()));
  }

  private Step pool2d(Node node, Op.Pool2d op) {
    ClKernel kernel = memory.kernel("pool_2d", MOVEMENT, "");
    kernel.buffer(0, memory.input(node, 0));
    kernel.buffer(1, memory.output(node));
    kernel.number(2, op.gridRows());
    kernel.number(3, op.gridCols());
    kernel.number(4, op.size());
    kernel.number(5, node.output().shape().cols());
    return Step.linear(kernel, 6, perItem(node.output()));
  }

  private Step spaceToDepth(Node node, Op.SpaceToDepth op) {
    ClKernel kernel = memory.kernel("space_to_depth", MOVEMENT, "");
    kernel.buffer(0, memory.input(node, 0));
    kernel.buffer(1, memory.output(node));
    kernel.number(2, op.gridRows());
    kernel.number(3, op.gridCols());
    kernel.number(4, op.block());
    kernel.number(5, node.inputs().getFirst().shape().cols());
    return Step.linear(kernel, 6, perItem(node.output()));
  }

  private static int runLength(Value value, int axis) {
    return axis == 1 ? value.shape().cols() : perItem(value);
  }

  private static int perItem(Value value) {
    return Math.toIntExact(value.shape().elementCount());
  }
}
