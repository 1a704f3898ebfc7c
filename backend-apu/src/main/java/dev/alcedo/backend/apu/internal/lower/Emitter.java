// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

import dev.alcedo.backend.apu.internal.network.NetworkBuilder;
import dev.alcedo.backend.apu.internal.network.NeuronOperation;
import dev.alcedo.backend.apu.internal.network.NeuronType;
import dev.alcedo.backend.apu.internal.network.Quantisation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/// Neuron operations by name, with output shapes worked out and the order of inputs as the facts on
/// each operation have it. Scalars are made once.
final class Emitter {
  private static final int FUSE_NONE = 0;
  private static final int PADDING_VALID = 2;

  private final NetworkBuilder network;
  private final Precision precision;
  private final ConstantSource constants;
  private final Map<Float, Tensor> reals = new HashMap<>();
  private final Map<Integer, Integer> scalars = new HashMap<>();
  private final Map<Boolean, Integer> flags = new HashMap<>();
  private final Map<Integer, Tensor> quantised = new HashMap<>();

  Emitter(NetworkBuilder network, Precision precision, ConstantSource constants) {
    this.network = network;
    this.precision = precision;
    this.constants = constants;
  }

  NetworkBuilder network() {
    return network;
  }

  Precision precision() {
    return precision;
  }

  ConstantSource constants() {
    return constants;
  }

  Tensor input(int... dims) {
    return new Tensor(network.input(precision.tensor(), dims), dims);
  }

  Tensor constant(MemorySegment memory, int... dims) {
    return new Tensor(network.constant(precision.tensor(), memory, dims), dims);
  }

  /// A constant tensor of one element; scalar tensors have a rank of 1 here.
  Tensor real(float value) {
    return reals.computeIfAbsent(
        value,
        v -> {
          MemorySegment memory = constants.scratch(1);
          precision.set(memory, 0, v);
          return constant(memory, 1);
        });
  }

  Tensor add(Tensor a, Tensor b) {
    return binary(NeuronOperation.NEURON_ADD, a, b);
  }

  Tensor sub(Tensor a, Tensor b) {
    return binary(NeuronOperation.NEURON_SUB, a, b);
  }

  Tensor mul(Tensor a, Tensor b) {
    return binary(NeuronOperation.NEURON_MUL, a, b);
  }

  Tensor div(Tensor a, Tensor b) {
    return binary(NeuronOperation.NEURON_DIV, a, b);
  }

  /// The first operand has the larger rank, except a constant of one element.
  private Tensor binary(NeuronOperation kind, Tensor a, Tensor b) {
    int[] dims = (a.rank() >= b.rank() ? a : b).dims().clone();
    return emit(kind, dims, a.operand(), b.operand(), scalar(FUSE_NONE));
  }

  Tensor maximum(Tensor a, Tensor b) {
    return emit(NeuronOperation.NEURON_MAXIMUM, a.dims(), a.operand(), b.operand());
  }

  Tensor unary(NeuronOperation kind, Tensor x) {
    return emit(kind, x.dims(), x.operand());
  }

  /// MEAN and REDUCE_MAX differ in the type of `keepDims`.
  Tensor mean(Tensor x) {
    return emit(NeuronOperation.NEURON_MEAN, x.withCols(1), x.operand(), lastAxis(x), scalar(1));
  }

  Tensor max(Tensor x) {
    return emit(
        NeuronOperation.NEURON_REDUCE_MAX, x.withCols(1), x.operand(), lastAxis(x), flag(true));
  }

  private int lastAxis(Tensor x) {
    return network.ints(x.rank() - 1);
  }

  Tensor softmax(Tensor x) {
    int beta = network.real(precision.scalar(), 1);
    return emit(NeuronOperation.NEURON_SOFTMAX, x.dims(), x.operand(), beta);
  }

  Tensor reshape(Tensor x, int... dims) {
    return emit(NeuronOperation.NEURON_RESHAPE, dims, x.operand(), network.ints(dims));
  }

  Tensor transpose(Tensor x, int... perm) {
    var dims = new int[perm.length];
    for (int i = 0; i < perm.length; i++) {
      dims[i] = x.dims()[perm[i]];
    }
    return emit(NeuronOperation.NEURON_TRANSPOSE, dims, x.operand(), network.ints(perm));
  }

  Tensor concat(int axis, Tensor... parts) {
    int[] dims = parts[0].dims().clone();
    dims[axis] = 0;
    var from = new int[parts.length + 1];
    for (int i = 0; i < parts.length; i++) {
      dims[axis] += parts[i].dims()[axis];
      from[i] = parts[i].operand();
    }
    from[parts.length] = scalar(axis);
    return emit(NeuronOperation.NEURON_CONCATENATION, dims, from);
  }

  /// `length` of `axis` from `start`, all of the other axes.
  Tensor slice(Tensor x, int axis, int start, int length) {
    var begin = new int[x.rank()];
    int[] size = x.dims().clone();
    begin[axis] = start;
    size[axis] = length;
    return emit(
        NeuronOperation.NEURON_SLICE, size, x.operand(), network.ints(begin), network.ints(size));
  }

  /// Zeros after the end of each axis.
  Tensor pad(Tensor x, int... after) {
    var paddings = new int[2 * x.rank()];
    int[] dims = x.dims().clone();
    for (int i = 0; i < after.length; i++) {
      paddings[2 * i + 1] = after[i];
      dims[i] += after[i];
    }
    return emit(NeuronOperation.NEURON_PAD, dims, x.operand(), network.paddings(paddings));
  }

  /// `x weightᵀ + bias`, x `[rows, k]`, weight `[n, k]`, bias `[n]`.
  Tensor fullyConnected(Tensor x, Tensor weight, Tensor bias) {
    return emit(
        NeuronOperation.NEURON_FULLY_CONNECTED,
        new int[] {x.rows(), weight.dims()[0]},
        x.operand(),
        weight.operand(),
        bias.operand(),
        scalar(FUSE_NONE));
  }

  /// A matrix of 8-bit constants, widened by the driver; 127 stands for 1. One scale for all, as
  /// MDLAs do not widen those with a scale for each row.
  Tensor dequantised(MemorySegment quants, int... dims) {
    Quantisation perUnit = Quantisation.symmetric(1f / 127);
    int bytes = network.constant(NeuronType.NEURON_TENSOR_QUANT8_SYMM, perUnit, quants, dims);
    return emit(NeuronOperation.NEURON_DEQUANTIZE, dims, bytes);
  }

  /// `x` in signed bytes, made once.
  Tensor quantised(Tensor x, Quantisation quantisation) {
    return quantised.computeIfAbsent(
        x.operand(),
        _ -> bytes(NeuronOperation.NEURON_QUANTIZE, quantisation, x.dims(), x.operand()));
  }

  /// A matrix of 8-bit constants with a scale for each row.
  Tensor bytesPerRow(MemorySegment quants, float[] scales, int... dims) {
    MemorySegment memory = constants.arena().allocateFrom(ValueLayout.JAVA_FLOAT, scales);
    Quantisation perRow = Quantisation.perRow(memory);
    NeuronType type = NeuronType.NEURON_TENSOR_QUANT8_SYMM_PER_CHANNEL;
    return new Tensor(network.constant(type, perRow, quants, dims), dims);
  }

  /// A vector of 32-bit integers to start sums with.
  Tensor sums(MemorySegment memory, int length) {
    return new Tensor(network.constant(NeuronType.NEURON_TENSOR_INT32, memory, length), length);
  }

  /// [#fullyConnected] in bytes, its result widened.
  ///
  /// @param x of [#quantised]
  /// @param weight a constant with a scale for each row
  /// @param bias of [#sums], in units of x's scale times the row's
  /// @param result of the product before it is widened
  Tensor fullyConnectedBytes(Tensor x, Tensor weight, Tensor bias, Quantisation result) {
    int[] dims = {x.rows(), weight.dims()[0]};
    Tensor product =
        bytes(
            NeuronOperation.NEURON_FULLY_CONNECTED,
            result,
            dims,
            x.operand(),
            weight.operand(),
            bias.operand(),
            scalar(FUSE_NONE));
    return emit(NeuronOperation.NEURON_DEQUANTIZE, dims, product.operand());
  }

  private Tensor bytes(NeuronOperation kind, Quantisation quantisation, int[] dims, int... from) {
    NeuronType type = NeuronType.NEURON_TENSOR_QUANT8_ASYMM_SIGNED;
    return new Tensor(network.operation(kind, type, quantisation, dims, from), dims);
  }

  /// `a b`, or `a bᵀ`; `[batch, m, k]`.
  Tensor batchMatMul(Tensor a, Tensor b, boolean isTransposed) {
    int[] dims = a.withCols(b.dims()[isTransposed ? b.rank() - 2 : b.rank() - 1]);
    return emit(
        NeuronOperation.NEURON_BATCH_MATMUL,
        dims,
        a.operand(),
        b.operand(),
        flag(false),
        flag(isTransposed));
  }

  /// Convolution of NHWC `x` with weights `[n, size, size, c]` and a stride of `size`.
  Tensor patches(Tensor x, Tensor weight, Tensor bias, int size) {
    int[] d = x.dims();
    return emit(
        NeuronOperation.NEURON_CONV_2D,
        new int[] {d[0], d[1] / size, d[2] / size, weight.dims()[0]},
        x.operand(),
        weight.operand(),
        bias.operand(),
        scalar(PADDING_VALID),
        scalar(size),
        scalar(size),
        scalar(FUSE_NONE),
        flag(false),
        scalar(1),
        scalar(1));
  }

  /// Means over windows of NHWC `x` without overlap.
  Tensor averagePool(Tensor x, int size) {
    int[] d = x.dims();
    return emit(
        NeuronOperation.NEURON_AVERAGE_POOL_2D,
        new int[] {d[0], d[1] / size, d[2] / size, d[3]},
        x.operand(),
        scalar(PADDING_VALID),
        scalar(size),
        scalar(size),
        scalar(size),
        scalar(size),
        scalar(FUSE_NONE));
  }

  /// MediaTek's own RMS norm, found by its name; gamma and beta are F32 whatever x is.
  Tensor rmsNormExtension(Tensor x, MemorySegment gamma, MemorySegment zeros, float eps) {
    int cols = x.cols();
    MemorySegment name = ExtensionName.of("MTKEXT_RMS_NORMALIZATION", network);
    return emit(
        NeuronOperation.MTKEXT_RMS_NORMALIZATION,
        x.dims(),
        x.operand(),
        lastAxis(x),
        network.constant(NeuronType.NEURON_TENSOR_FLOAT32, gamma, cols),
        network.constant(NeuronType.NEURON_TENSOR_FLOAT32, zeros, cols),
        network.real(NeuronType.NEURON_FLOAT32, eps),
        network.constant(NeuronType.EXTENSION_NAME, name, Math.toIntExact(name.byteSize())));
  }

  private int scalar(int value) {
    return scalars.computeIfAbsent(value, network::scalar);
  }

  private int flag(boolean value) {
    return flags.computeIfAbsent(value, network::flag);
  }

  private Tensor emit(NeuronOperation kind, int[] dims, int... from) {
    return new Tensor(network.operation(kind, precision.tensor(), dims, from), dims);
  }
}
