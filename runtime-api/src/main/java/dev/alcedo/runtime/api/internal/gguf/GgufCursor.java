// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import dev.alcedo.runtime.api.ModelFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Reads little-endian values one after the other from a mapped file. Knows what is being read, so
/// that every error says file, place, expected and got; checks that bytes are there before reading
/// and that heap is left before anyone allocates.
final class GgufCursor {
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int STRING_OVERHEAD_BYTES = 48;

  private final String file;
  private final MemorySegment data;
  private final long heapBytesMax;
  private final byte[] scratch = new byte[4096];
  private long position;
  private long heapBytes;
  private String what = "file";
  private long index = -1;

  GgufCursor(String file, MemorySegment data, long heapBytesMax) {
    this.file = file;
    this.data = data;
    this.heapBytesMax = heapBytesMax;
  }

  /// Says what is read next, for messages.
  void reading(String what) {
    this.what = what;
    this.index = -1;
  }

  /// Says which element of an array is read next, for messages.
  void element(long index) {
    this.index = index;
  }

  String file() {
    return file;
  }

  long position() {
    return position;
  }

  int u8() {
    return data.get(ValueLayout.JAVA_BYTE, take(1)) & 0xFF;
  }

  int u16() {
    return data.get(U16, take(2)) & 0xFFFF;
  }

  long u32() {
    return data.get(U32, take(4)) & 0xFFFF_FFFFL;
  }

  long i64() {
    return data.get(U64, take(8));
  }

  /// An unsigned 64-bit integer that fits a long.
  long u64() {
    long at = position;
    long value = i64();
    if (value < 0) {
      throw wrong(at, "at most " + Long.MAX_VALUE, Long.toUnsignedString(value));
    }
    return value;
  }

  /// A u64 between `min` and `max`.
  long u64(long min, long max) {
    long at = position;
    long value = i64();
    if (value < min || value > max) {
      throw wrong(at, "%d to %d".formatted(min, max), Long.toUnsignedString(value));
    }
    return value;
  }

  boolean bool() {
    long at = position;
    int value = u8();
    if (value > 1) {
      throw wrong(at, "a boolean, 0 or 1", Integer.toString(value));
    }
    return value == 1;
  }

  float f32() {
    return Float.intBitsToFloat((int) u32());
  }

  double f64() {
    return Double.longBitsToDouble(i64());
  }

  /// A length-prefixed string of `min` to `max` bytes, decoded by [Utf8].
  String string(int min, int max) {
    int length = (int) u64(min, max);
    long start = take(length);
    // Text outside Latin-1 takes two bytes a char, and never more chars than bytes.
    charge(STRING_OVERHEAD_BYTES + 2L * length);
    byte[] bytes = length <= scratch.length ? scratch : new byte[length];
    MemorySegment.copy(data, ValueLayout.JAVA_BYTE, start, bytes, 0, length);
    return Utf8.decode(bytes, length);
  }

  /// A string that must be valid UTF-8: a key or a name.
  String name(int max) {
    long at = position;
    String name = string(1, max);
    if (!Utf8.isValid(name)) {
      throw wrong(at, "UTF-8 text", Quoted.of(name));
    }
    return name;
  }

  /// Checks that `count` values of at least `bytesEach` bytes can still follow.
  void require(long count, int bytesEach) {
    require(Math.multiplyExact(count, (long) bytesEach));
  }

  /// Books heap that is about to be allocated.
  void charge(long bytes) {
    heapBytes = Math.addExact(heapBytes, bytes);
    if (heapBytes > heapBytesMax) {
      throw wrong(
          position,
          "a header that takes at most %d bytes of memory".formatted(heapBytesMax),
          "at least " + heapBytes);
    }
  }

  /// An error about the value that is being read and starts at byte `at`.
  ModelFormatException wrong(long at, String expected, String got) {
    return new ModelFormatException(
        "%s: %s at byte %d: expected %s, got %s".formatted(file, describe(), at, expected, got));
  }

  private long take(long bytes) {
    require(bytes);
    long start = position;
    position = start + bytes;
    return start;
  }

  private void require(long bytes) {
    long left = data.byteSize() - position;
    if (bytes > left) {
      throw new ModelFormatException(
          ("%s: %s at byte %d: expected at least %d more bytes, got %d: the file ends %d bytes too"
                  + " early; the download is probably incomplete, fetch the file again")
              .formatted(file, describe(), position, bytes, left, bytes - left));
    }
  }

  private String describe() {
    return index < 0 ? what : "element %d of %s".formatted(index, what);
  }
}
