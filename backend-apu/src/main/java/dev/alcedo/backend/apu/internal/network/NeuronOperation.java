// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.network;

/// Operations that our networks are made of, with their codes in `NeuronAdapter.h`. The order of
/// inputs stands with [NetworkBuilder]'s callers in the lowering.
public enum NeuronOperation {
  NEURON_ADD(0),
  NEURON_AVERAGE_POOL_2D(1),
  NEURON_CONCATENATION(2),
  NEURON_CONV_2D(3),
  NEURON_DEQUANTIZE(6),
  NEURON_FULLY_CONNECTED(9),
  NEURON_LOGISTIC(14),
  NEURON_MUL(18),
  NEURON_RELU(19),
  NEURON_RESHAPE(22),
  NEURON_SOFTMAX(25),
  NEURON_TANH(28),
  NEURON_DIV(30),
  NEURON_MEAN(31),
  NEURON_PAD(32),
  NEURON_SUB(36),
  NEURON_TRANSPOSE(37),
  NEURON_ABS(38),
  NEURON_EXP(49),
  NEURON_MAXIMUM(65),
  NEURON_QUANTIZE(72),
  NEURON_REDUCE_MAX(77),
  NEURON_RSQRT(83),
  NEURON_SLICE(86),
  /// Since 5.1.2.
  NEURON_BATCH_MATMUL(102),
  /// `MTKEXT_RMS_NORMALIZATION` by its name, an operation whose code the library hands out.
  MTKEXT_RMS_NORMALIZATION(-1);

  private final int code;

  NeuronOperation(int code) {
    this.code = code;
  }

  /// The number in `NeuronAdapter.h`.
  public int code() {
    return code;
  }
}
