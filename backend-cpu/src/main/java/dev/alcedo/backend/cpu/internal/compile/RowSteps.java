// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.compile;

import dev.alcedo.backend.cpu.internal.kernel.Kernels;
import dev.alcedo.backend.cpu.internal.scalar.Movement;
import dev.alcedo.backend.cpu.internal.scalar.ScalarRope;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;

/// The steps of ops that compute each output row by itself: the unit is a row of the output, or an
/// item where rows move within it.
final class RowSteps {
  /// Elements that are worth a chunk of their own: some microseconds of work.
  static final int CHUNK_ELEMENTS = 8192;

  private final Kernels kernels;
  private final BufferPlan plan;
  private final Constants constants;

  RowSteps(Kernels kernels, BufferPlan plan, Constants constants) {
    this.kernels = kernels;
    this.plan = plan;
    this.constants = constants;
  }

  /// Computes unit `unit` of a run.
  @FunctionalInterface
  private interface Unit {
    void compute(int unit);
  }

  /// Computes one row: `y[yOffset..]` from `x[xOffset..]`.
  @FunctionalInterface
  private interface Row {
    void compute(float[] x, int xOffset, float[] y, int yOffset, int cols);
  }

  /// Computes one row from two.
  @FunctionalInterface
  private interface Row2 {
    void compute(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int cols);
  }

  Step step(Node node) {
    return switch (node.op()) {
      case Op.Embedding _ -> embedding(node);
      case Op.Add _ -> elementwise(node, kernels::add);
      case Op.Mul _ -> elementwise(node, kernels::mul);
      case Op.Scale op ->
          rows(node, (x, xo, y, yo, cols) -> kernels.scale(op.factor(), x, xo, y, yo, cols));
      case Op.Silu _ -> rows(node, kernels::silu);
      case Op.Gelu op ->
          rows(node, (x, xo, y, yo, cols) -> kernels.gelu(op.form(), x, xo, y, yo, cols));
      case Op.QuickGelu _ -> rows(node, kernels::quickGelu);
      case Op.Softmax _ -> rows(node, kernels::softmax);
      case Op.RmsNorm op -> rmsNorm(node, op);
      case Op.LayerNorm op -> layerNorm(node, op);
      case Op.Concat op -> concat(node, op);
      case Op.Slice op -> slice(node, op);
      case Op.Transpose _ -> transpose(node);
      case Op.Pool2d op -> pool2d(node, op);
      case Op.SpaceToDepth op -> spaceToDepth(node, op);
      case Op.Argmax _ -> argmax(node);
      case Op.MatMul _, Op.PatchEmbed _, Op.Rope _, Op.Attention _, Op.Reshape _ ->
          throw new IllegalStateException(node.op().opName() + " is no row op");
    };
  }

  /// Rotates rows by a table of turns.
  Step rope(Node node, Op.Rope op, float[] turns) {
    return rows(
        node,
        (x, xo, y, yo, cols) ->
            kernels.rope(op, turns, xo / cols * ScalarRope.turnLength(op), x, xo, y, yo));
  }

  /// Cuts pixels into the rows of `patches`.
  Step patches(Node node, Op.PatchEmbed op, float[] patches) {
    Shape pixels = input(node, 0).shape();
    float[] x = floats(node, 0);
    int length = input(node, 1).shape().cols();
    int count = node.output().shape().dim(0);
    int perItem = itemLength(input(node, 0));
    return step(
        node,
        count,
        length,
        unit ->
            Movement.patch(
                op.patchSize(),
                x,
                unit / count * perItem,
                pixels.dim(0),
                pixels.dim(1),
                pixels.dim(2),
                unit % count,
                patches,
                unit * length));
  }

  private Step embedding(Node node) {
    int[] ids = plan.ints(input(node, 0));
    TensorView table = constants.matrix(input(node, 1));
    int vocabulary = table.shape().dim(0);
    float[] y = plan.floats(node.output());
    int cols = node.output().shape().cols();
    return step(
        node,
        node.output().shape().dim(0),
        cols,
        row -> {
          int id = ids[row];
          if (id < 0 || id >= vocabulary) {
            throw new IllegalArgumentException(
                "Embedding: id of row %d: expected 0 to %d, got %d"
                    .formatted(row, vocabulary - 1, id));
          }
          kernels.readRow(table, id, y, row * cols);
        });
  }

  private Step elementwise(Node node, Row2 kernel) {
    float[] a = floats(node, 0);
    Value bValue = input(node, 1);
    boolean isConstant = bValue.kind() == Value.Kind.CONSTANT;
    float[] b = isConstant ? constants.floats(bValue) : plan.floats(bValue);
    float[] y = plan.floats(node.output());
    int rows = node.output().shape().dim(0);
    int cols = node.output().shape().cols();
    int period = isConstant ? b.length / cols : Integer.MAX_VALUE;
    return step(
        node,
        rows,
        cols,
        row -> kernel.compute(a, row * cols, b, row % period * cols, y, row * cols, cols));
  }

  private Step rows(Node node, Row kernel) {
    float[] x = floats(node, 0);
    float[] y = plan.floats(node.output());
    int cols = node.output().shape().cols();
    return step(
        node,
        node.output().shape().dim(0),
        cols,
        row -> kernel.compute(x, row * cols, y, row * cols, cols));
  }

  private Step rmsNorm(Node node, Op.RmsNorm op) {
    float[] weight = constants.floats(input(node, 1));
    return rows(
        node,
        (x, xo, y, yo, cols) -> {
          for (int i = 0; i < cols; i += weight.length) {
            kernels.rmsNorm(op.eps(), weight, x, xo + i, y, yo + i);
          }
        });
  }

  private Step layerNorm(Node node, Op.LayerNorm op) {
    float[] weight = constants.floats(input(node, 1));
    float[] bias = constants.floats(input(node, 2));
    return rows(node, (x, xo, y, yo, _) -> kernels.layerNorm(op.eps(), weight, bias, x, xo, y, yo));
  }

  /// Along columns row by row; along rows item by item, an item being one long row then.
  private Step concat(Node node, Op.Concat op) {
    float[] a = floats(node, 0);
    float[] b = floats(node, 1);
    float[] y = plan.floats(node.output());
    boolean isByRow = op.axis() == 1;
    int aLength = isByRow ? input(node, 0).shape().cols() : itemLength(input(node, 0));
    int bLength = isByRow ? input(node, 1).shape().cols() : itemLength(input(node, 1));
    return step(
        node,
        isByRow ? node.output().shape().dim(0) : 1,
        aLength + bLength,
        unit -> {
          int to = unit * (aLength + bLength);
          System.arraycopy(a, unit * aLength, y, to, aLength);
          System.arraycopy(b, unit * bLength, y, to + aLength, bLength);
        });
  }

  private Step slice(Node node, Op.Slice op) {
    float[] x = floats(node, 0);
    float[] y = plan.floats(node.output());
    boolean isByRow = op.axis() == 1;
    int cols = input(node, 0).shape().cols();
    int stride = isByRow ? cols : itemLength(input(node, 0));
    int start = isByRow ? op.start() : op.start() * cols;
    int length = isByRow ? op.length() : op.length() * cols;
    return step(
        node,
        isByRow ? node.output().shape().dim(0) : 1,
        length,
        unit -> System.arraycopy(x, unit * stride + start, y, unit * length, length));
  }

  private Step transpose(Node node) {
    float[] x = floats(node, 0);
    float[] y = plan.floats(node.output());
    int rows = input(node, 0).shape().dim(0);
    int cols = input(node, 0).shape().cols();
    return step(
        node,
        cols,
        rows,
        unit -> {
          int item = unit / cols * rows * cols;
          Movement.transpose(x, item, rows, cols, unit % cols, y, item);
        });
  }

  private Step pool2d(Node node, Op.Pool2d op) {
    float[] x = floats(node, 0);
    float[] y = plan.floats(node.output());
    int cols = node.output().shape().cols();
    int cellCount = node.output().shape().dim(0);
    int cellCols = op.gridCols() / op.size();
    int perItem = itemLength(input(node, 0));
    return step(
        node,
        cellCount,
        cols * op.size() * op.size(),
        unit -> {
          int cell = unit % cellCount;
          int first = cell / cellCols * op.size() * op.gridCols() + cell % cellCols * op.size();
          int from = unit / cellCount * perItem + first * cols;
          kernels.mean(x, from, op.gridCols() * cols, op.size(), cols, y, unit * cols);
        });
  }

  private Step spaceToDepth(Node node, Op.SpaceToDepth op) {
    float[] x = floats(node, 0);
    float[] y = plan.floats(node.output());
    int cols = input(node, 0).shape().cols();
    int cellCount = node.output().shape().dim(0);
    int perItem = itemLength(input(node, 0));
    int yPerItem = itemLength(node.output());
    return step(
        node,
        cellCount,
        node.output().shape().cols(),
        unit ->
            Movement.spaceToDepth(
                op,
                x,
                unit / cellCount * perItem,
                cols,
                unit % cellCount,
                y,
                unit / cellCount * yPerItem));
  }

  private Step argmax(Node node) {
    float[] x = floats(node, 0);
    int[] y = plan.ints(node.output());
    int cols = input(node, 0).shape().cols();
    return step(
        node,
        node.output().shape().cols(),
        cols,
        row -> y[row] = kernels.argmax(x, row * cols, cols));
  }

  private float[] floats(Node node, int i) {
    return plan.floats(input(node, i));
  }

  private static Value input(Node node, int i) {
    return node.inputs().get(i);
  }

  private static int itemLength(Value value) {
    return Math.toIntExact(value.shape().elementCount());
  }

  private static Step step(Node node, int unitsPerItem, int unitElements, Unit unit) {
    return new Step(
        "%s '%s'".formatted(node.op().opName(), node.output().name()),
        run -> run.itemCount() * unitsPerItem,
        Math.max(1, CHUNK_ELEMENTS / unitElements),
        (_, from, to, _) -> {
          for (int i = from; i < to; i++) {
            unit.compute(i);
          }
        });
  }
}
