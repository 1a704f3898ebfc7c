// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.List;

/// The Neuron Adapter calls that probing cannot do without, named and ordered as in
/// `NeuronAdapter.h`. `uint32_t` is `int`, handles are [Pointer]. `Neuron_getVersion` exists in
/// every version, the others since 4.1.0. What newer libraries add is in [NeuronOptional]: one
/// missing symbol fails the registration of a whole class.
final class Neuron {
  /// `NeuronRuntimeVersion` is three `uint8_t`: major, minor, patch.
  static final int VERSION_BYTES = 3;

  private static final List<String> SYMBOLS =
      List.of(
          "Neuron_getVersion", "Neuron_getDeviceCount", "Neuron_getDevice", "NeuronDevice_getName");

  private Neuron() {}

  /// Binds this class to a library.
  ///
  /// @throws UnsatisfiedLinkError if the library lacks a symbol; the message names all it lacks
  static void bind(NativeLibrary library) {
    Symbols.require(library, SYMBOLS);
    Native.register(Neuron.class, library);
  }

  static native int Neuron_getVersion(Pointer version);

  static native int Neuron_getDeviceCount(IntByReference numDevices);

  static native int Neuron_getDevice(int devIndex, PointerByReference device);

  static native int NeuronDevice_getName(Pointer device, PointerByReference name);
}
