// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import com.sun.jna.NativeLibrary;
import java.util.ArrayList;
import java.util.List;

/// What a library exports.
final class Symbols {
  private Symbols() {}

  /// @throws UnsatisfiedLinkError if the library lacks one of them; the message names all it lacks
  static void require(NativeLibrary library, List<String> symbols) {
    var missing = new ArrayList<String>();
    for (String symbol : symbols) {
      try {
        library.getFunction(symbol);
      } catch (UnsatisfiedLinkError _) {
        missing.add(symbol);
      }
    }
    if (!missing.isEmpty()) {
      throw new UnsatisfiedLinkError("it does not export " + String.join(", ", missing));
    }
  }
}
