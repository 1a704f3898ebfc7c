// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/// Little-endian values on their way into a channel, through one buffer.
final class GgufSink {
  private static final int BUFFER_BYTES = 1 << 16;

  private final WritableByteChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long position;

  GgufSink(WritableByteChannel channel) {
    this.channel = channel;
  }

  long position() {
    return position;
  }

  void u8(int value) throws IOException {
    room(1).put((byte) value);
    position += 1;
  }

  void u32(long value) throws IOException {
    room(4).putInt((int) value);
    position += 4;
  }

  void u64(long value) throws IOException {
    room(8).putLong(value);
    position += 8;
  }

  void f32(float value) throws IOException {
    u32(Float.floatToRawIntBits(value));
  }

  void string(String value) throws IOException {
    byte[] bytes = Utf8.encode(value);
    u64(bytes.length);
    segment(MemorySegment.ofArray(bytes));
  }

  /// All bytes of `data`, heap or native.
  void segment(MemorySegment data) throws IOException {
    for (long at = 0; at < data.byteSize(); ) {
      room(1);
      int count = (int) Math.min(buffer.remaining(), data.byteSize() - at);
      MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, buffer.array(), buffer.position(), count);
      buffer.position(buffer.position() + count);
      at += count;
      position += count;
    }
  }

  void alignTo(int alignment) throws IOException {
    while (position % alignment != 0) {
      u8(0);
    }
  }

  void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  private ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }
}
