// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

import dev.alcedo.backend.apu.internal.network.NetworkBuilder;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lowers the nodes of a segment for a fixed number of items. A value of the graph is a tensor of
/// two dimensions here, the rows of all items and its columns; ops that look beyond rows reshape.
public final class SegmentLowering {
  private final Emitter emit;
  private final NormLowering norms;
  private final ActivationLowering activations;
  private final AttentionLowering attention;
  private final RopeLowering ropes;
  private final ProductLowering products;
  private final boolean hasRmsNorm;
  private final int items;
  private final Map<Value, Tensor> tensors = new HashMap<>();
  private final Map<Source, Tensor> inputs = new LinkedHashMap<>();

  private SegmentLowering(Target target, ConstantSource constants, int items) {
    this.emit = new Emitter(new NetworkBuilder(constants.arena()), target.precision(), constants);
    this.norms = new NormLowering(emit);
    this.activations = new ActivationLowering(emit);
    this.attention = new AttentionLowering(emit);
    this.ropes = new RopeLowering(emit);
    this.products = new ProductLowering(emit, target, this::constant);
    this.hasRmsNorm = target.hasRmsNorm();
    this.items = items;
  }

  /// The network of a segment that is no cached attention. Its constants stay in the memory of
  /// `constants` until it is compiled.
  ///
  /// @param items of a run
  public static LoweredNetwork lower(
      String name, Segment segment, Target target, ConstantSource constants, int items) {
    var lowering = new SegmentLowering(target, constants, items);
    for (Node node : segment.nodes()) {
      lowering.tensors.put(node.output(), lowering.node(node));
    }
    NetworkBuilder network = lowering.emit.network();
    for (Value output : segment.outputs()) {
      network.output(lowering.tensors.get(output).operand());
    }
    return new LoweredNetwork(
        network.build(name, target.precision().isRelaxed()),
        new ArrayList<>(lowering.inputs.keySet()));
  }

  /// The network of an attention over a window of a KV cache: inputs q, keys, values, mask.
  public static LoweredNetwork lowerCached(
      Op.Attention op, Precision precision, ConstantSource constants, int rows, int window) {
    var emit = new Emitter(new NetworkBuilder(constants.arena()), precision, constants);
    Tensor q = emit.input(rows, op.headCount() * op.headLength());
    Tensor k = emit.input(op.headCountKv(), window, op.headLength());
    Tensor v = emit.input(op.headCountKv(), window, op.headLength());
    Tensor mask = emit.input(rows, window);
    emit.network().output(new AttentionLowering(emit).cached(op, q, k, v, mask).operand());
    String name = "attention of %d rows over %d positions".formatted(rows, window);
    return new LoweredNetwork(emit.network().build(name, precision.isRelaxed()), List.of());
  }

  private Tensor node(Node node) {
    return switch (node.op()) {
      case Op.MatMul _ -> products.product(node, x(node));
      case Op.Add _ -> emit.add(x(node), operand(node.inputs().get(1)));
      case Op.Mul _ -> emit.mul(x(node), operand(node.inputs().get(1)));
      case Op.Scale(float factor) -> emit.mul(x(node), emit.real(factor));
      case Op.RmsNorm(float eps) -> rmsNorm(node, eps);
      case Op.LayerNorm(float eps) -> layerNorm(node, eps);
      case Op.Rope op -> rope(node, op);
      case Op.Attention op -> within(node, op);
      case Op.Softmax _ -> emit.softmax(x(node));
      case Op.Silu _ -> activations.silu(x(node));
      case Op.QuickGelu _ -> activations.quickGelu(x(node));
      case Op.Gelu(Op.Gelu.Form form) ->
          form == Op.Gelu.Form.TANH ? activations.geluTanh(x(node)) : activations.geluErf(x(node));
      case Op.Concat(int axis) -> concat(node, axis);
      case Op.Slice(int axis, int start, int length) -> slice(node, axis, start, length);
      case Op.Reshape _ -> flat(node, x(node));
      case Op.Transpose _ -> flat(node, emit.transpose(perItem(node, 0), 0, 2, 1));
      case Op.Pool2d op -> flat(node, emit.averagePool(grid(node, op), op.size()));
      case Op.PatchEmbed op -> patchEmbed(node, op);
      case Op.SpaceToDepth op -> spaceToDepth(node, op);
      case Op.Embedding _, Op.Argmax _ ->
          throw new IllegalStateException(node.op().opName() + " is not lowered");
    };
  }

  private Tensor x(Node node) {
    return tensor(node.inputs().getFirst());
  }

  private Tensor tensor(Value value) {
    Tensor known = tensors.get(value);
    if (known == null) {
      int cols = value.shape().cols();
      known = input(new Source.OfValue(value), items * value.shape().rows(), cols);
      tensors.put(value, known);
    }
    return known;
  }

  private Tensor input(Source source, int... dims) {
    return inputs.computeIfAbsent(source, _ -> emit.input(dims));
  }

  private Tensor constant(Value value) {
    return tensors.computeIfAbsent(
        value, v -> emit.constant(emit.constants().elements(v), v.shape().toArray()));
  }

  /// The second operand of a sum or product: a constant is repeated over items, and over rows if it
  /// is a vector.
  private Tensor operand(Value value) {
    if (value.kind() != Value.Kind.CONSTANT) {
      return tensor(value);
    }
    if (value.shape().rank() == 1 || value.shape().rows() == 1 || items == 1) {
      return constant(value);
    }
    return repeated(value, value.shape().rows());
  }

  /// A matrix for each item, one below the other, as a constant: rows of items are one dimension.
  private Tensor repeated(Value value, int rows) {
    int cols = value.shape().cols();
    var one = emit.constants().elements(value);
    var all = emit.constants().scratch((long) items * rows * cols);
    for (int i = 0; i < items; i++) {
      all.asSlice(i * one.byteSize(), one.byteSize()).copyFrom(one);
    }
    return emit.constant(all, items * rows, cols);
  }

  private Tensor bias(Node node, int length) {
    return products.biasOrZeros(
        node.inputs().size() > 2 ? Optional.of(node.inputs().get(2)) : Optional.empty(), length);
  }

  private Tensor rmsNorm(Node node, float eps) {
    Value weight = node.inputs().get(1);
    int group = weight.shape().cols();
    Tensor x = x(node);
    boolean isWhole = group == x.cols();
    Tensor groups = isWhole ? x : emit.reshape(x, x.rows() * (x.cols() / group), group);
    Tensor y =
        hasRmsNorm
            ? emit.rmsNormExtension(
                groups,
                emit.constants().floats(weight),
                emit.network().allocate((long) Float.BYTES * group),
                eps)
            : emit.mul(norms.normalised(groups, eps), constant(weight));
    return isWhole ? y : emit.reshape(y, x.dims());
  }

  private Tensor layerNorm(Node node, float eps) {
    Tensor y = norms.normalised(norms.centred(x(node)), eps);
    return emit.add(emit.mul(y, constant(node.inputs().get(1))), constant(node.inputs().get(2)));
  }

  private Tensor rope(Node node, Op.Rope op) {
    RopeKey key = RopeKey.of(node, op);
    int rows = x(node).rows();
    Tensor cosines = input(new Source.OfCosines(key), rows, 1, op.headLength());
    Tensor turns = input(new Source.OfTurns(key), rows, 1, op.headLength());
    return ropes.rope(op, x(node), cosines, turns);
  }

  private Tensor within(Node node, Op.Attention op) {
    Tensor q = x(node);
    Tensor k = tensor(node.inputs().get(1));
    Tensor v = tensor(node.inputs().get(2));
    if (node.inputs().size() < 4) {
      return attention.within(op, items, q, k, v);
    }
    int rows = q.rows() / items;
    var source = new Source.OfSegments(node.inputs().get(3));
    return attention.within(op, items, q, k, v, input(source, items, 1, rows, rows));
  }

  private Tensor concat(Node node, int axis) {
    if (axis == 1) {
      return emit.concat(1, x(node), tensor(node.inputs().get(1)));
    }
    return flat(node, emit.concat(1, perItem(node, 0), perItem(node, 1)));
  }

  private Tensor slice(Node node, int axis, int start, int length) {
    return axis == 1
        ? emit.slice(x(node), 1, start, length)
        : flat(node, emit.slice(perItem(node, 0), 1, start, length));
  }

  /// Pictures are planes here and interleaved there; so are weights, once, at compiling.
  private Tensor patchEmbed(Node node, Op.PatchEmbed op) {
    Shape pixels = node.inputs().getFirst().shape();
    Value weight = node.inputs().get(1);
    int channels = pixels.dim(0);
    int size = op.patchSize();
    var order = new int[channels * size * size];
    for (int i = 0; i < order.length; i++) {
      order[i] = i % channels * size * size + i / channels;
    }
    Tensor planes = emit.reshape(x(node), items, channels, pixels.dim(1), pixels.dim(2));
    int n = weight.shape().dim(0);
    Tensor kernel =
        emit.constant(emit.constants().permuted(weight, order), n, size, size, channels);
    Tensor interleaved = emit.transpose(planes, 0, 2, 3, 1);
    return flat(node, emit.patches(interleaved, kernel, bias(node, n), size));
  }

  private Tensor grid(Node node, Op.Pool2d op) {
    Tensor x = x(node);
    return emit.reshape(x, items, op.gridRows(), op.gridCols(), x.cols());
  }

  /// Odd grids are padded with zeros; then the rows of a square change places with its columns.
  private Tensor spaceToDepth(Node node, Op.SpaceToDepth op) {
    Tensor x = x(node);
    int block = op.block();
    int moreRows = Math.floorMod(-op.gridRows(), block);
    int moreCols = Math.floorMod(-op.gridCols(), block);
    int rows = op.gridRows() + moreRows;
    int cols = op.gridCols() + moreCols;
    Tensor grid = x;
    if (moreRows + moreCols > 0) {
      grid = emit.reshape(x, items, op.gridRows(), op.gridCols(), x.cols());
      grid = emit.pad(grid, 0, moreRows, moreCols, 0);
    }
    grid = emit.reshape(grid, items * rows / block, block, cols / block, block * x.cols());
    return flat(node, emit.transpose(grid, 0, 2, 1, 3));
  }

  private Tensor perItem(Node node, int index) {
    Tensor x = tensor(node.inputs().get(index));
    return emit.reshape(x, items, x.rows() / items, x.cols());
  }

  /// In the two dimensions of the node's output.
  private Tensor flat(Node node, Tensor x) {
    Shape shape = node.output().shape();
    return emit.reshape(x, items * shape.rows(), shape.cols());
  }
}
