// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.backend.apu.internal.lower.LoweredNetwork;
import dev.alcedo.backend.apu.internal.network.Network;
import dev.alcedo.backend.apu.internal.neuron.CompiledNetwork;
import dev.alcedo.backend.apu.internal.neuron.MemoryKind;
import dev.alcedo.backend.apu.internal.neuron.NeuronLibrary;
import dev.alcedo.runtime.api.BackendException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One Neuron device: compiles, runs and frees networks by the driver's thread. Any thread.
final class Driver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Driver.class);

  private final DriverThread thread = new DriverThread();
  private final NeuronLibrary library;
  private final NeuronLibrary.NeuronDevice device;
  private final Tuning tuning;
  private final Optional<NetworkCache> cache;

  /// @param index of the device in the library's list
  /// @param deviceName for the cache's key
  /// @throws BackendException if library or device cannot be opened
  Driver(Path file, int index, String deviceName, Tuning tuning) {
    this.tuning = tuning;
    try {
      this.library = thread.call("opening", tuning.computeLimit(), () -> opened(file));
    } catch (RuntimeException | Error e) {
      thread.close();
      throw e;
    }
    try {
      this.device =
          thread.call("opening the device", tuning.computeLimit(), () -> library.device(index));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    String context =
        "%s|%s|%s|%s"
            .formatted(library.version(), deviceName, tuning.options(), tuning.precision());
    this.cache =
        tuning
            .folders()
            .networks()
            .map(d -> new NetworkCache(d, context, library.version().major()));
  }

  private NeuronLibrary opened(Path file) {
    NeuronLibrary opened = NeuronLibrary.open(file);
    if (tuning.memory() == MemoryKind.FD) {
      opened.shareMemory(
          why -> LOG.warn("inputs and outputs of the APU's networks in plain memory: {}", why));
    }
    return opened;
  }

  /// Where memory with descriptors comes from, or why it is plain; empty if nobody asked for it.
  Optional<String> memoryRemark() {
    return library.memoryRemark();
  }

  /// New memory for networks' inputs and outputs, to be closed by [#free].
  Arena arena() {
    return library.arena();
  }

  /// Whether the device runs the network that `lowering` makes.
  ///
  /// @throws BackendException if the driver refuses to say
  boolean isSupported(Function<Arena, LoweredNetwork> lowering) {
    return withConstants(
        lowering,
        (_, lowered) ->
            thread.call(
                "asking about network '%s'".formatted(lowered.network().name()),
                tuning.computeLimit(),
                () -> CompiledNetwork.isSupported(library, device, lowered.network())));
  }

  /// A network that is ready to run.
  ///
  /// @param lowered what it was made of; its constants are gone
  record Prepared(CompiledNetwork network, LoweredNetwork lowered) {}

  /// Compiles a network, or restores it if the cache has it. The constants that `lowering` makes
  /// are freed when this returns.
  ///
  /// @throws BackendException if the driver refuses, or does not come back
  Prepared compile(Function<Arena, LoweredNetwork> lowering) {
    return withConstants(
        lowering,
        (arena, lowered) ->
            new Prepared(
                thread.call(
                    "compiling network '%s'".formatted(lowered.network().name()),
                    tuning.compileLimit(),
                    () -> prepared(arena, lowered.network())),
                lowered));
  }

  private CompiledNetwork prepared(Arena arena, Network network) {
    Optional<Path> file = cache.map(c -> c.file(network));
    CompiledNetwork compiled =
        file.flatMap(f -> restored(f, network.name()))
            .orElseGet(() -> CompiledNetwork.compile(library, device, network, tuning.options()));
    try {
      if (file.isPresent() && !compiled.isRestored()) {
        compiled.store(arena).ifPresent(bytes -> cache.orElseThrow().store(file.get(), bytes));
      }
      compiled.prepare(tuning.options().boost());
      return compiled;
    } catch (RuntimeException | Error e) {
      compiled.close();
      throw e;
    }
  }

  private Optional<CompiledNetwork> restored(Path file, String name) {
    NetworkCache files = cache.orElseThrow();
    Arena arena = Arena.ofShared();
    Optional<CompiledNetwork> restored = Optional.empty();
    try {
      restored =
          files
              .load(file, arena)
              .flatMap(bytes -> CompiledNetwork.restore(library, name, bytes))
              .map(network -> network.keeping(arena));
      return restored;
    } finally {
      if (restored.isEmpty()) {
        arena.close();
        files.discard(file);
      }
    }
  }

  private interface Work<T> {
    T run(Arena arena, LoweredNetwork lowered);
  }

  /// If the driver hangs, it may still read the constants, which then wait for it.
  private <T> T withConstants(Function<Arena, LoweredNetwork> lowering, Work<T> work) {
    Arena arena = Arena.ofShared();
    try {
      return work.run(arena, lowering.apply(arena));
    } finally {
      release(arena::close);
    }
  }

  /// Has `ports` bind memory to a network.
  void bind(Runnable ports) {
    thread.call(
        "binding memory",
        tuning.computeLimit(),
        () -> {
          ports.run();
          return true;
        });
  }

  /// Runs a network.
  ///
  /// @param ports binds memory to it before
  /// @return false if the device failed at an operation
  /// @throws BackendException for any other failure, or if it does not come back
  boolean compute(CompiledNetwork network, Runnable ports) {
    return thread.call(
        "running a network",
        tuning.computeLimit(),
        () -> {
          ports.run();
          return network.compute();
        });
  }

  /// Frees something that the driver may be using and knows no handle of.
  void release(Runnable work) {
    if (thread.isHung()) {
      thread.release(tuning.computeLimit(), work);
    } else {
      work.run();
    }
  }

  /// Frees networks or their memory, after all that was to be freed before.
  ///
  /// @throws BackendException if the driver does not come back
  void free(Runnable work) {
    thread.release(tuning.computeLimit(), work);
  }

  /// Whether a call did not come back.
  boolean isHung() {
    return thread.isHung();
  }

  @Override
  public void close() {
    try {
      thread.release(tuning.computeLimit(), library::close);
    } finally {
      thread.close();
    }
  }
}
