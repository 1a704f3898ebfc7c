// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/// Neuron Adapter calls that a report is richer with and complete without.
final class NeuronOptional {
  private NeuronOptional() {}

  /// Binds this class to a library; false if it lacks the symbol (before 5.0.0).
  static boolean bind(NativeLibrary library) {
    try {
      Native.register(NeuronOptional.class, library);
      return true;
    } catch (UnsatisfiedLinkError _) {
      return false;
    }
  }

  static native int NeuronDevice_getDescription(Pointer device, PointerByReference description);
}
