// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.alcedo.backend.apu.internal.network.Quantisation;
import java.util.List;

/// `NeuronOperandType`: `int32_t type; uint32_t dimensionCount; const uint32_t *dimensions; float
/// scale; int32_t zeroPoint`. Read by the library during the call only.
final class OperandTypeStruct implements AutoCloseable {
  static final int SIZE = 24;
  static final int TYPE = 0;
  static final int DIMENSION_COUNT = 4;
  static final int DIMENSIONS = 8;
  static final int SCALE = 16;
  static final int ZERO_POINT = 20;

  private static final int DIMENSION_COUNT_MAX = 8;

  private final Memory struct = new Memory(SIZE);
  private final Memory dimensions = new Memory(DIMENSION_COUNT_MAX * Integer.BYTES);

  /// Fills the struct.
  Pointer of(int type, List<Integer> dims, Quantisation quantisation) {
    struct.clear();
    struct.setInt(TYPE, type);
    struct.setFloat(SCALE, quantisation.scale());
    struct.setInt(ZERO_POINT, quantisation.zeroPoint());
    struct.setInt(DIMENSION_COUNT, dims.size());
    for (int i = 0; i < dims.size(); i++) {
      dimensions.setInt((long) Integer.BYTES * i, dims.get(i));
    }
    struct.setPointer(DIMENSIONS, dims.isEmpty() ? Pointer.NULL : dimensions);
    return struct;
  }

  @Override
  public void close() {
    struct.close();
    dimensions.close();
  }
}
