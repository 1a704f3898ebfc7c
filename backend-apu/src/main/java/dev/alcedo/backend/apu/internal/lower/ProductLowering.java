// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

import dev.alcedo.backend.apu.internal.network.Quantisation;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Value;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.function.Function;

/// Linear layers: in the network's precision, with 8-bit weights that the driver widens, or all in
/// 8 bits.
final class ProductLowering {
  /// Sums and biases are 32-bit integers; a bias takes up to half of what they hold.
  private static final float BIAS_MAX = 0x1p30f;

  /// Rows whose weights are all zero have some scale.
  private static final float SCALE_MIN = 1e-12f;

  /// The adapter's rule for results: a scale above that of the exact sum.
  private static final float ABOVE = 1.001f;

  private final Emitter emit;
  private final Target target;
  private final Function<Value, Tensor> constants;

  /// @param constants makes operands of constants in the network's precision
  ProductLowering(Emitter emit, Target target, Function<Value, Tensor> constants) {
    this.emit = emit;
    this.target = target;
    this.constants = constants;
  }

  /// @param x `[rows, k]`
  /// @param node a MatMul with a constant weight `[n, k]`
  Tensor product(Node node, Tensor x) {
    Value weight = node.inputs().get(1);
    Optional<Value> bias =
        node.inputs().size() > 2 ? Optional.of(node.inputs().get(2)) : Optional.empty();
    Range in = target.ranges().get(node.inputs().getFirst());
    Range out = target.ranges().get(node.output());
    if (in != null && out != null) {
      return bytes(x, weight, bias, in, out);
    }
    return target.precision().hasByteWeights() ? widened(x, weight, bias) : plain(x, weight, bias);
  }

  private Tensor plain(Tensor x, Value weight, Optional<Value> bias) {
    return emit.fullyConnected(
        x, constants.apply(weight), biasOrZeros(bias, weight.shape().dim(0)));
  }

  /// The adapter wants a bias always.
  Tensor biasOrZeros(Optional<Value> bias, int length) {
    return bias.map(constants)
        .orElseGet(() -> emit.constant(emit.constants().scratch(length), length));
  }

  /// Rows of 8-bit weights have scales of their own, which are the columns of the product.
  private Tensor widened(Tensor x, Value weight, Optional<Value> bias) {
    ConstantSource.Quantised rows = emit.constants().quantised(weight);
    Tensor matrix = emit.dequantised(rows.quants(), weight.shape().toArray());
    int n = rows.largest().length;
    Tensor product = emit.fullyConnected(x, matrix, biasOrZeros(Optional.empty(), n));
    MemorySegment scales = emit.constants().scratch(n);
    emit.precision().write(rows.largest(), n, scales, 0);
    Tensor y = emit.mul(product, emit.constant(scales, n));
    return bias.isPresent() ? emit.add(y, constants.apply(bias.get())) : y;
  }

  private Tensor bytes(Tensor x, Value weight, Optional<Value> bias, Range in, Range out) {
    Quantisation operand = in.quantisation(0);
    ConstantSource.Quantised rows = emit.constants().quantised(weight);
    float[] biases = bias.map(this::floats).orElseGet(() -> new float[rows.largest().length]);
    float[] scales = scales(rows, biases, operand.scale());
    MemorySegment sums = emit.constants().arena().allocate(4L * scales.length, 64);
    float largest = 0;
    for (int i = 0; i < scales.length; i++) {
      double scale = (double) operand.scale() * scales[i];
      sums.setAtIndex(ValueLayout.JAVA_INT, i, (int) Math.rint(biases[i] / scale));
      largest = Math.max(largest, (float) scale);
    }
    return emit.fullyConnectedBytes(
        emit.quantised(x, operand),
        emit.bytesPerRow(rows.quants(), scales, weight.shape().toArray()),
        emit.sums(sums, scales.length),
        out.quantisation(ABOVE * largest));
  }

  private float[] floats(Value vector) {
    return emit.constants().floats(vector).toArray(ValueLayout.JAVA_FLOAT);
  }

  /// What a quant of each row stands for, large enough for the row's bias to be an integer.
  private static float[] scales(ConstantSource.Quantised rows, float[] biases, float operandScale) {
    var scales = new float[biases.length];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = Math.max(rows.largest()[i] / 127, SCALE_MIN);
      float needed = Math.abs(biases[i]) / operandScale / BIAS_MAX;
      if (needed > scales[i]) {
        long cols = rows.quants().byteSize() / scales.length;
        shrink(rows.quants().asSlice(i * cols, cols), scales[i] / needed);
        scales[i] = needed;
      }
    }
    return scales;
  }

  private static void shrink(MemorySegment quants, float factor) {
    for (long i = 0; i < quants.byteSize(); i++) {
      byte quant = quants.get(ValueLayout.JAVA_BYTE, i);
      quants.set(ValueLayout.JAVA_BYTE, i, (byte) Math.round(quant * factor));
    }
  }
}
