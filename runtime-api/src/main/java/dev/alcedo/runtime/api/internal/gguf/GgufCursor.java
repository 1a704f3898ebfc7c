// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import dev.alcedo.runtime.api.ModelFormatException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Reads little-endian values one after the other from a mapped file. Knows what is being read, so
/// that every error says file, place, expected and got; checks that bytes are there before reading
/// and that heap is left before anyone allocates.
final class GgufCursor {
  private static final int STRING_OVERHEAD_BYTES = 48;

  /// The longest buffer that a segment gives.
  private static final int HEAD_BYTES_MAX = Integer.MAX_VALUE - 8;

  private final String file;
  private final long fileBytes;

  // A buffer over the first 2 GiB: a header that is longer has long been refused for the heap it
  // takes. Its getters need no method handles, which saves a cold start a tenth of a second.
  private final ByteBuffer head;
  private final long heapBytesMax;
  private final byte[] scratch = new byte[4096];
  private long position;
  private long heapBytes;
  private String what = "file";
  private @Nullable String subject;
  private int count;
  private int index = -1;

  GgufCursor(String file, MemorySegment data, long heapBytesMax) {
    this.file = file;
    this.fileBytes = data.byteSize();
    this.head =
        data.asSlice(0, Math.min(fileBytes, HEAD_BYTES_MAX))
            .asByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN);
    this.heapBytesMax = heapBytesMax;
  }

  /// Says what is read next. Messages are made of it only when something is wrong.
  void reading(String what) {
    reading(what, null);
  }

  /// Says what is read next, about the key or tensor `subject`.
  void reading(String what, @Nullable String subject) {
    this.what = what;
    this.subject = subject;
    this.count = 0;
    this.index = -1;
  }

  /// Says that entry `index` of `count` is read next.
  void readingEntry(String what, int index, int count) {
    reading(what);
    this.index = index;
    this.count = count;
  }

  /// Says which element of an array is read next.
  void element(int index) {
    this.index = index;
  }

  String file() {
    return file;
  }

  long position() {
    return position;
  }

  int u8() {
    return head.get(take(1)) & 0xFF;
  }

  int u16() {
    return head.getShort(take(2)) & 0xFFFF;
  }

  long u32() {
    return head.getInt(take(4)) & 0xFFFF_FFFFL;
  }

  long i64() {
    return head.getLong(take(8));
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
    int start = take(length);
    // Text outside Latin-1 takes two bytes a char, and never more chars than bytes.
    charge(STRING_OVERHEAD_BYTES + 2L * length);
    byte[] bytes = length <= scratch.length ? scratch : new byte[length];
    head.get(start, bytes, 0, length);
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

  private int take(int bytes) {
    require(bytes);
    int start = Math.toIntExact(position);
    position += bytes;
    return start;
  }

  private void require(long bytes) {
    long left = fileBytes - position;
    if (bytes > left) {
      throw new ModelFormatException(
          ("%s: %s at byte %d: expected at least %d more bytes, got %d: the file ends %d bytes too"
                  + " early; the download is probably incomplete, fetch the file again")
              .formatted(file, describe(), position, bytes, left, bytes - left));
    }
  }

  private String describe() {
    if (count > 0) {
      return "%s %d of %d".formatted(what, index + 1, count);
    }
    String whole = subject == null ? what : what + " " + Quoted.of(subject);
    return index < 0 ? whole : "element %d of %s".formatted(index, whole);
  }
}
