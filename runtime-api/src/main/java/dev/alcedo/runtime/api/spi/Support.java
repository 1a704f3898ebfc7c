// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

/// Whether something can be done: a value with a reason.
public sealed interface Support {
  /// It can; who says so must then do it.
  record Supported() implements Support {}

  /// It cannot.
  ///
  /// @param why one clause that names what is missing, e.g. `Q2_K weights`
  record Unsupported(String why) implements Support {}

  /// The one answer that needs no words.
  Support SUPPORTED = new Supported();

  /// An [Unsupported] with its reason.
  static Support unsupported(String why) {
    return new Unsupported(why);
  }

  /// Whether this is [Supported].
  default boolean isSupported() {
    return this instanceof Supported;
  }
}
