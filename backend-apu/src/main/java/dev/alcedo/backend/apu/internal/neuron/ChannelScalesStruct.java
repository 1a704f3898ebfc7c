// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.lang.foreign.MemorySegment;

/// `NeuronSymmPerChannelQuantParams`: `uint32_t channelDim; uint32_t scaleCount; const float
/// *scales`. The scales lie in the caller's memory, for as long as its constants do.
final class ChannelScalesStruct implements AutoCloseable {
  static final int SIZE = 16;
  static final int CHANNEL_DIM = 0;
  static final int SCALE_COUNT = 4;
  static final int SCALES = 8;

  private final Memory struct = new Memory(SIZE);

  /// Fills the struct for channels that are rows.
  Pointer of(MemorySegment scales) {
    struct.setInt(CHANNEL_DIM, 0);
    struct.setInt(SCALE_COUNT, Math.toIntExact(scales.byteSize() / Float.BYTES));
    struct.setPointer(SCALES, new Pointer(scales.address()));
    return struct;
  }

  @Override
  public void close() {
    struct.close();
  }
}
