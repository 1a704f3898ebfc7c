// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

import dev.alcedo.backend.apu.internal.network.NetworkBuilder;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The operand by which MediaTek's general operation is told what it is: a length byte and
/// `string`, a little-endian 32-bit length, the name, and 16 zeros less what that took.
final class ExtensionName {
  private static final byte[] TYPE = "string".getBytes(StandardCharsets.US_ASCII);
  private static final int SPARE_BYTES = 16;

  private ExtensionName() {}

  static MemorySegment of(String name, NetworkBuilder network) {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    MemorySegment memory = network.allocate(TYPE.length + bytes.length + SPARE_BYTES);
    ByteBuffer buffer = memory.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    buffer.put((byte) TYPE.length).put(TYPE).putInt(bytes.length).put(bytes);
    return memory;
  }
}
