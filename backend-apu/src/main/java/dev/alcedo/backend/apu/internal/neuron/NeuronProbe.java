// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.alcedo.backend.apu.internal.probe.ApuNames;
import dev.alcedo.backend.apu.internal.probe.NeuronVersion;
import dev.alcedo.backend.apu.internal.probe.ProbeMessage;
import dev.alcedo.runtime.api.BackendException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Asks one Neuron Adapter library for its version and devices. Runs in a child process, see
/// [NeuronProbeMain].
final class NeuronProbe {
  /// Far above any real machine; a library that says more is broken.
  private static final int DEVICE_COUNT_MAX = 64;

  private final Consumer<ProbeMessage> parent;
  private final MemoryKind memory;
  private final List<String> names = new ArrayList<>();

  /// @param memory of the network that is tried
  NeuronProbe(Consumer<ProbeMessage> parent, MemoryKind memory) {
    this.parent = parent;
    this.memory = memory;
  }

  /// Sends what there is to say about `library`, an absolute path, ending with `Done` or `Failed`.
  void run(String library) {
    try {
      ask(library);
      parent.accept(new ProbeMessage.Done());
    } catch (BackendException e) {
      parent.accept(new ProbeMessage.Failed(e.getMessage()));
    } catch (LinkageError e) {
      parent.accept(new ProbeMessage.Failed(LoadErrors.reason(e)));
    }
  }

  private void ask(String library) {
    call("JNA's start");
    if (Native.POINTER_SIZE != Long.BYTES) {
      throw new UnsatisfiedLinkError("this JVM is not a 64-bit one");
    }
    call("dlopen");
    NativeLibrary loaded = NativeLibrary.getInstance(library);
    Neuron.bind(loaded);
    NeuronVersion version = version();
    parent.accept(new ProbeMessage.Version(version));
    if (version.isAccepted()) { // an older library's other calls may mean something else
      devices(NeuronOptional.bind(loaded));
      trial(library);
    }
  }

  private NeuronVersion version() {
    call("Neuron_getVersion");
    return NeuronLibrary.readVersion();
  }

  private void devices(boolean hasDescription) {
    call("Neuron_getDeviceCount");
    var count = new IntByReference();
    NeuronStatus.check("Neuron_getDeviceCount", Neuron.Neuron_getDeviceCount(count));
    if (count.getValue() < 0 || count.getValue() > DEVICE_COUNT_MAX) {
      throw new BackendException(
          "Neuron_getDeviceCount: expected 0 to %d, got %s"
              .formatted(DEVICE_COUNT_MAX, Integer.toUnsignedString(count.getValue())));
    }
    for (int i = 0; i < count.getValue(); i++) {
      call("Neuron_getDevice");
      var out = new PointerByReference();
      NeuronStatus.check("Neuron_getDevice", Neuron.Neuron_getDevice(i, out));
      Pointer device = out.getValue();
      if (device == null) {
        throw new BackendException("Neuron_getDevice(%d): the handle is null".formatted(i));
      }
      String name = name(device);
      names.add(name);
      parent.accept(new ProbeMessage.Device(name, hasDescription ? description(device) : ""));
    }
  }

  private String name(Pointer device) {
    call("NeuronDevice_getName");
    var out = new PointerByReference();
    NeuronStatus.check("NeuronDevice_getName", Neuron.NeuronDevice_getName(device, out));
    return text(out);
  }

  /// Not worth a failure: a library that refuses is one without descriptions.
  private String description(Pointer device) {
    call("NeuronDevice_getDescription");
    var out = new PointerByReference();
    int status = NeuronOptional.NeuronDevice_getDescription(device, out);
    return status == NeuronStatus.NEURON_NO_ERROR ? text(out) : "";
  }

  /// The library owns the string, for as long as the process lives.
  private static String text(PointerByReference out) {
    Pointer text = out.getValue();
    return text == null ? "" : text.getString(0, StandardCharsets.UTF_8.name());
  }

  private void call(String name) {
    parent.accept(new ProbeMessage.Calling(name));
  }

  /// A small network from beginning to end on each APU: what aborts or hangs shall do it here.
  private void trial(String library) {
    call("the symbols for computing");
    NeuronCompute.bind(NativeLibrary.getInstance(library));
    try (NeuronLibrary open = NeuronLibrary.open(Path.of(library))) {
      if (memory == MemoryKind.FD) {
        call("the trial of memory by descriptor");
        open.shareMemory(_ -> {}); // the process that computes warns
      }
      for (int i = 0; i < names.size(); i++) {
        if (ApuNames.isApu(names.get(i))) {
          call("the trial network on '%s'%s".formatted(names.get(i), where(open)));
          Trial.run(open, open.device(i));
        }
      }
    }
  }

  private static String where(NeuronLibrary library) {
    return library.memoryRemark().map(", %s"::formatted).orElse("");
  }
}
