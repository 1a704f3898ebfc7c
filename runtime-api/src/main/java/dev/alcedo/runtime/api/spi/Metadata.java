// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import dev.alcedo.runtime.api.ModelFormatException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The key/value pairs of a model file, with getters that check types and ranges and name file and
/// key when something is off. Immutable.
///
/// Values are held as `Long` (all GGUF integer types; uint64 above 2^63 - 1 is refused by the
/// reader), `Double` (both float types), `Boolean`, `String`, and arrays as `long[]`, `double[]`,
/// `boolean[]` or `List<String>`.
public final class Metadata {
  private final String source;
  private final Map<String, Object> values;

  /// Metadata of `source` (a file name, for messages). The map is copied; values are of the types
  /// above.
  public Metadata(String source, Map<String, Object> values) {
    this.source = source;
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /// The file name that messages give.
  public String source() {
    return source;
  }

  /// All keys, in file order.
  public Set<String> keys() {
    return values.keySet();
  }

  /// The raw value of a key.
  ///
  /// @throws ModelFormatException if there is none
  public Object value(String key) {
    return require(key, Object.class, "a value");
  }

  /// Whether the key is there.
  public boolean has(String key) {
    return values.containsKey(key);
  }

  /// `general.architecture`.
  ///
  /// @throws ModelFormatException if it is missing or no string
  public String architecture() {
    return string("general.architecture");
  }

  /// A string.
  ///
  /// @throws ModelFormatException if it is missing or no string
  public String string(String key) {
    return require(key, String.class, "a string");
  }

  /// A string, or `fallback` where the key is missing.
  public String string(String key, String fallback) {
    return has(key) ? string(key) : fallback;
  }

  /// A boolean, or `fallback` where the key is missing.
  public boolean bool(String key, boolean fallback) {
    return has(key) ? require(key, Boolean.class, "a boolean") : fallback;
  }

  /// An integer from `min` to `max`.
  ///
  /// @throws ModelFormatException if it is missing, no integer or out of range
  public int integer(String key, int min, int max) {
    long value = require(key, Long.class, "an integer");
    if (value < min || value > max) {
      throw wrong(key, "%d to %d".formatted(min, max), Long.toString(value));
    }
    return (int) value;
  }

  /// An integer from `min` to `max`, or `fallback` where the key is missing.
  public int integer(String key, int min, int max, int fallback) {
    return has(key) ? integer(key, min, max) : fallback;
  }

  /// A finite number (an integer counts).
  ///
  /// @throws ModelFormatException if it is missing, no number or not finite
  public float number(String key) {
    double value = require(key, Number.class, "a number").doubleValue();
    if (!Float.isFinite((float) value)) {
      throw wrong(key, "a finite number", Double.toString(value));
    }
    return (float) value;
  }

  /// A finite number, or `fallback` where the key is missing.
  public float number(String key, float fallback) {
    return has(key) ? number(key) : fallback;
  }

  /// An array of strings; shared, not copied.
  ///
  /// @throws ModelFormatException if it is missing or something else
  @SuppressWarnings("unchecked") // the reader makes lists of strings only
  public List<String> strings(String key) {
    return (List<String>) require(key, List.class, "an array of strings");
  }

  /// An array of integers; a copy.
  ///
  /// @throws ModelFormatException if it is missing, something else, or a value is no 32-bit integer
  public int[] integers(String key) {
    long[] array = require(key, long[].class, "an array of integers");
    var out = new int[array.length];
    for (int i = 0; i < array.length; i++) {
      if (array[i] != (int) array[i]) {
        throw wrong(key, "32-bit integers", Long.toString(array[i]));
      }
      out[i] = (int) array[i];
    }
    return out;
  }

  /// An array of numbers; a copy.
  ///
  /// @throws ModelFormatException if it is missing or something else
  public float[] numbers(String key) {
    double[] array = require(key, double[].class, "an array of numbers");
    var out = new float[array.length];
    for (int i = 0; i < array.length; i++) {
      out[i] = (float) array[i];
    }
    return out;
  }

  private <T> T require(String key, Class<T> type, String expected) {
    Object value = values.get(key);
    if (value == null) {
      throw new ModelFormatException(
          "%s: metadata key '%s' is missing: expected %s".formatted(source, key, expected));
    }
    if (!type.isInstance(value)) {
      throw wrong(key, expected, describe(value));
    }
    return type.cast(value);
  }

  private ModelFormatException wrong(String key, String expected, String got) {
    return new ModelFormatException(
        "%s: metadata key '%s': expected %s, got %s".formatted(source, key, expected, got));
  }

  private static String describe(Object value) {
    return switch (value) {
      case Long l -> "the integer " + l;
      case Double d -> "the number " + d;
      case Boolean b -> "the boolean " + b;
      case String _ -> "a string";
      default -> "an array";
    };
  }
}
