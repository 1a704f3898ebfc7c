// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.alcedo.runtime.api.BackendException;
import org.jspecify.annotations.Nullable;

/// Reads the values of one `clGet*Info` function: first the size, then the value.
final class InfoReader {
  /// The longest extension lists of current drivers have some 4 KiB.
  private static final long VALUE_BYTES_MAX = 1 << 20;

  /// `clGetPlatformInfo` or `clGetDeviceInfo` with its handle filled in.
  interface Query {
    int call(
        int parameter, long valueBytes, @Nullable Pointer value, @Nullable Pointer sizeReturned);
  }

  private final String function;
  private final Query query;

  private InfoReader(String function, Query query) {
    this.function = function;
    this.query = query;
  }

  static InfoReader of(String function, Query query) {
    return new InfoReader(function, query);
  }

  static InfoReader ofPlatform(Pointer platform) {
    return new InfoReader(
        "clGetPlatformInfo",
        (parameter, valueBytes, value, sizeReturned) ->
            OpenCl.clGetPlatformInfo(platform, parameter, valueBytes, value, sizeReturned));
  }

  static InfoReader ofDevice(Pointer device) {
    return new InfoReader(
        "clGetDeviceInfo",
        (parameter, valueBytes, value, sizeReturned) ->
            OpenCl.clGetDeviceInfo(device, parameter, valueBytes, value, sizeReturned));
  }

  /// A `char[]`.
  ///
  /// @throws BackendException if the driver refuses or names an absurd size
  String text(int parameter, String name) {
    String call = call(name);
    try (var size = new Memory(Long.BYTES)) {
      size.clear();
      ClStatus.check(call, query.call(parameter, 0, null, size));
      long valueBytes = size.getLong(0);
      if (valueBytes < 0 || valueBytes > VALUE_BYTES_MAX) {
        throw new BackendException(
            "%s: expected a text of up to %d bytes, got one of %s"
                .formatted(call, VALUE_BYTES_MAX, Long.toUnsignedString(valueBytes)));
      }
      if (valueBytes == 0) {
        return "";
      }
      try (var value = new Memory(valueBytes)) {
        value.clear();
        ClStatus.check(call, query.call(parameter, valueBytes, value, null));
        return ClText.of(value.getByteArray(0, (int) valueBytes));
      }
    }
  }

  /// A `cl_uint`.
  ///
  /// @throws BackendException if the driver refuses
  int integer(int parameter, String name) {
    return (int) number(parameter, name, Integer.BYTES);
  }

  /// A `cl_ulong` or `cl_bitfield`.
  ///
  /// @throws BackendException if the driver refuses
  long number(int parameter, String name) {
    return number(parameter, name, Long.BYTES);
  }

  private long number(int parameter, String name, int valueBytes) {
    try (var value = new Memory(Long.BYTES)) {
      value.clear();
      ClStatus.check(call(name), query.call(parameter, valueBytes, value, null));
      return valueBytes == Long.BYTES ? value.getLong(0) : value.getInt(0);
    }
  }

  private String call(String name) {
    return "%s(%s)".formatted(function, name);
  }
}
