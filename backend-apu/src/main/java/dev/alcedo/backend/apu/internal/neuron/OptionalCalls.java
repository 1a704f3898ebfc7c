// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import com.sun.jna.NativeLibrary;
import java.util.HashMap;
import java.util.Map;

/// Neuron Adapter calls that newer libraries have and we can do without, each found by itself.
final class OptionalCalls {
  private final NativeLibrary library;
  private final Map<String, Boolean> known = new HashMap<>();

  OptionalCalls(NativeLibrary library) {
    this.library = library;
  }

  /// Whether the library exports `name`.
  synchronized boolean has(String name) {
    return known.computeIfAbsent(name, this::isExported);
  }

  private boolean isExported(String name) {
    try {
      library.getFunction(name);
      return true;
    } catch (UnsatisfiedLinkError _) {
      return false;
    }
  }

  /// Calls what [#has] said is there. A C `bool` is passed as a byte of 0 or 1: JNA's own boolean
  /// arrives as 255.
  ///
  /// @return the result code
  int call(String name, Object... arguments) {
    return library.getFunction(name).invokeInt(arguments);
  }

  /// [#call] of a function without a result.
  void run(String name, Object... arguments) {
    library.getFunction(name).invokeVoid(arguments);
  }
}
