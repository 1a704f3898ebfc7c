// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.network;

/// Operand types that our networks are made of, with their codes in `NeuronAdapter.h`.
public enum NeuronType {
  NEURON_FLOAT32(0, 4),
  NEURON_INT32(1, 4),
  NEURON_TENSOR_FLOAT32(3, 4),
  NEURON_TENSOR_INT32(4, 4),
  NEURON_BOOL(6, 1),
  NEURON_TENSOR_FLOAT16(8, 2),
  NEURON_FLOAT16(10, 2),
  /// Signed bytes of -127 to 127, a scale for each channel.
  NEURON_TENSOR_QUANT8_SYMM_PER_CHANNEL(11, 1),
  NEURON_TENSOR_QUANT8_SYMM(13, 1),
  /// Signed bytes with a zero point.
  NEURON_TENSOR_QUANT8_ASYMM_SIGNED(14, 1),
  /// An extension's operand, whose code the library hands out.
  EXTENSION_NAME(-1, 1);

  private final int code;
  private final int bytes;

  NeuronType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /// The number in `NeuronAdapter.h`.
  public int code() {
    return code;
  }

  /// Bytes of one element.
  public int bytes() {
    return bytes;
  }
}
