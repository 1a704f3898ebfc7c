// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import dev.alcedo.backend.apu.internal.probe.NeuronVersion;
import dev.alcedo.runtime.api.BackendException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// The library that this process computes with. Direct mapping binds classes, so one library at a
/// time can be in use; another one can be bound when nobody holds the first.
///
/// All calls into the library come from one thread at a time; whoever opens it sees to that.
public final class NeuronLibrary implements AutoCloseable {
  static final String START = "NeuronExecution_startComputeWithDependencies";
  static final String WAIT = "NeuronEvent_wait";
  static final String FREE = "NeuronEvent_free";

  private static final Object LOCK = new Object();
  private static String bound = "";
  private static int holders;

  private final OptionalCalls optional;
  private final NeuronVersion version;
  private Optional<SharedMemory> sharedMemory = Optional.empty();
  private boolean isClosed;

  private NeuronLibrary(NativeLibrary library, NeuronVersion version) {
    this.optional = new OptionalCalls(library);
    this.version = version;
  }

  /// Loads and binds `file`.
  ///
  /// @throws BackendException if it cannot be loaded, lacks a symbol, or another one is in use
  public static NeuronLibrary open(Path file) {
    String path = file.toString();
    synchronized (LOCK) {
      if (holders > 0 && !bound.equals(path)) {
        throw new BackendException(
            "Neuron Adapter %s: cannot be used beside %s, which has open devices; close those first"
                .formatted(path, bound));
      }
      NativeLibrary library = bind(path);
      bound = path;
      NeuronVersion version = readVersion();
      holders++;
      return new NeuronLibrary(library, version);
    }
  }

  private static NativeLibrary bind(String path) {
    try {
      NativeLibrary library = NativeLibrary.getInstance(path);
      if (!bound.equals(path)) {
        bound = "";
        Neuron.bind(library);
        NeuronCompute.bind(library);
      }
      return library;
    } catch (LinkageError e) {
      throw new BackendException("Neuron Adapter %s: %s".formatted(path, LoadErrors.reason(e)), e);
    }
  }

  static NeuronVersion readVersion() {
    // A word where three bytes are asked for: room for a library that writes a padded struct.
    try (var out = new Memory(Long.BYTES)) {
      out.clear();
      NeuronStatus.check("Neuron_getVersion", Neuron.Neuron_getVersion(out));
      byte[] parts = out.getByteArray(0, Neuron.VERSION_BYTES);
      return new NeuronVersion(
          Byte.toUnsignedInt(parts[0]), Byte.toUnsignedInt(parts[1]), Byte.toUnsignedInt(parts[2]));
    }
  }

  /// Has inputs and outputs given by descriptor from now on, where that is possible.
  ///
  /// @param warnings told why it is not, at once or later
  public void shareMemory(Consumer<String> warnings) {
    shareMemory(Posix.ofProcess(), warnings);
  }

  void shareMemory(Posix posix, Consumer<String> warnings) {
    sharedMemory = Optional.of(SharedMemory.open(optional, posix, warnings));
  }

  /// What is given by descriptor, if that was asked for.
  Optional<SharedMemory> sharedMemory() {
    return sharedMemory;
  }

  /// New memory for networks' inputs and outputs. Closed by the thread that calls the library, when
  /// no network is left that is bound to it.
  public Arena arena() {
    return sharedMemory.map(SharedMemory::arena).orElseGet(Arena::ofShared);
  }

  /// Where memory with descriptors comes from, or why it is plain; empty if nobody asked for it.
  public Optional<String> memoryRemark() {
    return sharedMemory.map(memory -> "inputs and outputs in " + memory.describe());
  }

  /// Its version.
  public NeuronVersion version() {
    return version;
  }

  /// Whether runs can be started and waited for.
  boolean hasEvents() {
    return optional.has(START) && optional.has(WAIT) && optional.has(FREE);
  }

  OptionalCalls optional() {
    return optional;
  }

  /// The device at `index` in the library's list, which stays valid while the process lives.
  ///
  /// @throws BackendException if the library has none there
  public NeuronDevice device(int index) {
    var out = new PointerByReference();
    NeuronStatus.check("Neuron_getDevice", Neuron.Neuron_getDevice(index, out));
    return new NeuronDevice(Handles.checked("Neuron_getDevice", out));
  }

  /// A device of the library.
  public static final class NeuronDevice {
    private final Pointer handle;

    private NeuronDevice(Pointer handle) {
      this.handle = handle;
    }

    Pointer handle() {
      return handle;
    }
  }

  @Override
  public void close() {
    synchronized (LOCK) {
      if (!isClosed) {
        isClosed = true;
        holders--;
      }
    }
  }
}
