// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import dev.alcedo.runtime.api.BackendException;

/// What a library hands out.
final class Handles {
  private Handles() {}

  /// @throws BackendException if a call that succeeded left no handle
  static Pointer checked(String call, PointerByReference out) {
    Pointer handle = out.getValue();
    if (handle == null) {
      throw new BackendException("%s returned no handle and no error".formatted(call));
    }
    return handle;
  }
}
