// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import dev.alcedo.runtime.api.UnsupportedModelException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads the key/value pairs of a GGUF file into the value classes that
/// [dev.alcedo.runtime.api.spi.Metadata] documents.
final class GgufMetadataReader {
  static final String ALIGNMENT_KEY = "general.alignment";

  private static final int PAIR_BYTES_MIN = 8 + 1 + 4 + 1;
  private static final int ENTRY_OVERHEAD_BYTES = 300;

  private final GgufCursor in;
  private final Map<String, Place> places = new LinkedHashMap<>();

  /// Where a value lies in the file, its type included.
  record Place(long at, long bytes) {}

  GgufMetadataReader(GgufCursor in) {
    this.in = in;
  }

  /// The next `count` pairs, in file order.
  Map<String, Object> read(int count) {
    in.reading("metadata");
    in.require(count, PAIR_BYTES_MIN);
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      in.readingEntry("metadata key", i, count);
      long at = in.position();
      in.charge(ENTRY_OVERHEAD_BYTES);
      String key = in.name(GgufLimits.KEY_BYTES_MAX);
      if (values.containsKey(key)) {
        throw in.wrong(at, "every key once", Quoted.of(key) + " twice");
      }
      long valueAt = in.position();
      values.put(key, value(key));
      places.put(key, new Place(valueAt, in.position() - valueAt));
    }
    return values;
  }

  /// Where the values lie that were read.
  Map<String, Place> places() {
    return places;
  }

  private Object value(String key) {
    in.reading("type of metadata key", key);
    long at = in.position();
    GgufType type = type();
    if (key.equals(ALIGNMENT_KEY) && type != GgufType.UINT32) {
      throw in.wrong(at, "a UINT32", "a " + type);
    }
    in.reading("value of metadata key", key);
    return type == GgufType.ARRAY ? array(key) : scalar(type);
  }

  private GgufType type() {
    long at = in.position();
    long id = in.u32();
    return GgufType.ofId(id)
        .orElseThrow(() -> in.wrong(at, "a value type from 0 to 12", Long.toString(id)));
  }

  private Object scalar(GgufType type) {
    return switch (type) {
      case BOOL -> in.bool();
      case STRING -> in.string(0, GgufLimits.STRING_BYTES_MAX);
      case FLOAT32, FLOAT64 -> number(type);
      default -> integer(type);
    };
  }

  private long integer(GgufType type) {
    return switch (type) {
      case UINT8 -> in.u8();
      case INT8 -> (byte) in.u8();
      case UINT16 -> in.u16();
      case INT16 -> (short) in.u16();
      case UINT32 -> in.u32();
      case INT32 -> (int) in.u32();
      case UINT64 -> in.u64();
      case INT64 -> in.i64();
      default -> throw new AssertionError(type);
    };
  }

  private double number(GgufType type) {
    return type == GgufType.FLOAT32 ? in.f32() : in.f64();
  }

  private Object array(String key) {
    GgufType type = type();
    if (type == GgufType.ARRAY) {
      throw new UnsupportedModelException(
          "%s: metadata key %s is an array of arrays, which Alcedo does not read"
              .formatted(in.file(), Quoted.of(key)));
    }
    in.reading("length of the array", key);
    int length = (int) in.u64(0, GgufLimits.ARRAY_LENGTH_MAX);
    in.reading("array", key);
    in.require(length, type.bytesMin);
    in.charge(type == GgufType.BOOL ? length : 8L * length);
    return switch (type) {
      case STRING -> strings(length);
      case BOOL -> booleans(length);
      case FLOAT32, FLOAT64 -> numbers(type, length);
      default -> integers(type, length);
    };
  }

  private List<String> strings(int length) {
    var out = new String[length];
    for (int i = 0; i < length; i++) {
      in.element(i);
      out[i] = in.string(0, GgufLimits.STRING_BYTES_MAX);
    }
    return Collections.unmodifiableList(Arrays.asList(out));
  }

  private boolean[] booleans(int length) {
    var out = new boolean[length];
    for (int i = 0; i < length; i++) {
      in.element(i);
      out[i] = in.bool();
    }
    return out;
  }

  private double[] numbers(GgufType type, int length) {
    var out = new double[length];
    for (int i = 0; i < length; i++) {
      out[i] = number(type);
    }
    return out;
  }

  private long[] integers(GgufType type, int length) {
    var out = new long[length];
    for (int i = 0; i < length; i++) {
      in.element(i);
      out[i] = integer(type);
    }
    return out;
  }
}
