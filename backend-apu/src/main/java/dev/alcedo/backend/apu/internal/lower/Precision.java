// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

import dev.alcedo.backend.apu.internal.network.NeuronType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What networks compute in.
public enum Precision {
  /// F16 tensors, weights and activations alike: what MDLAs are made for.
  F16(NeuronType.NEURON_TENSOR_FLOAT16, NeuronType.NEURON_FLOAT16, false),
  /// F32 tensors that the driver may compute in F16; twice the memory.
  RELAXED(NeuronType.NEURON_TENSOR_FLOAT32, NeuronType.NEURON_FLOAT32, true),
  /// F32 tensors computed in F32, which no MDLA does; for the library's other devices.
  F32(NeuronType.NEURON_TENSOR_FLOAT32, NeuronType.NEURON_FLOAT32, false),
  /// F16 tensors, with the matrices of linear layers in 8 bits and a scale for each row.
  W8A16(NeuronType.NEURON_TENSOR_FLOAT16, NeuronType.NEURON_FLOAT16, false),
  /// As `W8A16`, and what goes into and comes out of linear layers in 8 bits, too.
  W8A8(NeuronType.NEURON_TENSOR_FLOAT16, NeuronType.NEURON_FLOAT16, false);

  private final NeuronType tensor;
  private final NeuronType scalar;
  private final boolean isRelaxed;

  Precision(NeuronType tensor, NeuronType scalar, boolean isRelaxed) {
    this.tensor = tensor;
    this.scalar = scalar;
    this.isRelaxed = isRelaxed;
  }

  /// Type of activations and weights.
  public NeuronType tensor() {
    return tensor;
  }

  /// Type of scalars beside such tensors.
  public NeuronType scalar() {
    return scalar;
  }

  /// Whether the driver may compute F32 in F16.
  public boolean isRelaxed() {
    return isRelaxed;
  }

  /// Bytes of an element.
  public int bytes() {
    return tensor.bytes();
  }

  /// Whether elements are F16 in memory.
  public boolean isHalf() {
    return tensor == NeuronType.NEURON_TENSOR_FLOAT16;
  }

  /// Whether matrices of linear layers are 8-bit.
  public boolean hasByteWeights() {
    return this == W8A16 || this == W8A8;
  }

  /// Whether activations of linear layers are 8-bit, so that their ranges have to be known.
  public boolean hasByteActivations() {
    return this == W8A8;
  }

  /// Writes `value` as element `index`.
  public void set(MemorySegment memory, long index, float value) {
    if (isHalf()) {
      memory.setAtIndex(ValueLayout.JAVA_SHORT, index, Float.floatToFloat16(value));
    } else {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
    }
  }

  /// Element `index` as a float.
  public float get(MemorySegment memory, long index) {
    return isHalf()
        ? Float.float16ToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, index))
        : memory.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  /// Writes the first `count` floats as elements from `index` on.
  public void write(float[] from, int count, MemorySegment memory, long index) {
    if (isHalf()) {
      for (int i = 0; i < count; i++) {
        memory.setAtIndex(ValueLayout.JAVA_SHORT, index + i, Float.floatToFloat16(from[i]));
      }
    } else {
      MemorySegment.copy(from, 0, memory, ValueLayout.JAVA_FLOAT, 4 * index, count);
    }
  }
}
