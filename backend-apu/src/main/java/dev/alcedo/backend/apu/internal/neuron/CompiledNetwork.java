// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.alcedo.backend.apu.internal.network.Network;
import dev.alcedo.runtime.api.BackendException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A network made ready for one device: model, compilation and one execution, freed together in
/// reverse order. Memory bound to ports stays valid until it is closed. One thread at a time.
public final class CompiledNetwork implements AutoCloseable {
  /// What the library answers when the device failed at an operation.
  public static final int OP_FAILED = 5;

  private static final int ATTEMPTS = 3;

  /// The duration of a run, which the adapter does not look at.
  private static final long UNLIMITED = 0;

  private static final String RESTORE = "NeuronModel_restoreFromCompiledNetwork";
  private static final String STORED_SIZE = "NeuronCompilation_getCompiledNetworkSize";
  private static final String STORE = "NeuronCompilation_storeCompiledNetwork";

  private final NeuronLibrary library;
  private final String name;
  private final Pointer model;
  private final Pointer compilation;
  private @Nullable Pointer execution;
  private @Nullable ExecutionPorts ports;
  private final boolean isRestored;
  private @Nullable Arena kept;
  private boolean isClosed;

  private CompiledNetwork(
      NeuronLibrary library, String name, Pointer model, Pointer compilation, boolean isRestored) {
    this.isRestored = isRestored;
    this.library = library;
    this.name = name;
    this.model = model;
    this.compilation = compilation;
  }

  /// Whether `device` runs all of `network`.
  ///
  /// @throws BackendException if the library refuses the network
  public static boolean isSupported(
      NeuronLibrary library, NeuronLibrary.NeuronDevice device, Network network) {
    try (var model = new NeuronModel(library, network)) {
      return model.isSupported(device);
    }
  }

  /// Compiles. When this returns, the constants' memory is no longer needed.
  ///
  /// @throws BackendException if the library refuses
  public static CompiledNetwork compile(
      NeuronLibrary library,
      NeuronLibrary.NeuronDevice device,
      Network network,
      CompileOptions options) {
    var model = new NeuronModel(library, network);
    Pointer compilation;
    try {
      compilation = model.compilation(device);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
    var compiled = new CompiledNetwork(library, network.name(), model.handle(), compilation, false);
    try {
      compiled.finish(options);
      return compiled;
    } catch (RuntimeException | Error e) {
      compiled.close();
      throw e;
    }
  }

  private void finish(CompileOptions options) {
    check(
        "NeuronCompilation_setPreference",
        NeuronCompute.NeuronCompilation_setPreference(compilation, options.preference()));
    check(
        "NeuronCompilation_setPriority",
        NeuronCompute.NeuronCompilation_setPriority(compilation, options.priority()));
    String hint = "NeuronCompilation_setOptimizationHint";
    if (options.hints() != 0 && library.optional().has(hint)) {
      check(hint, library.optional().call(hint, compilation, options.hints()));
    }
    check("NeuronCompilation_finish", NeuronCompute.NeuronCompilation_finish(compilation));
  }

  /// A network from what [#store] gave, or empty if the library cannot or will not take it.
  public static Optional<CompiledNetwork> restore(
      NeuronLibrary library, String name, MemorySegment bytes) {
    if (!library.optional().has(RESTORE)) {
      return Optional.empty();
    }
    var model = new PointerByReference();
    var compilation = new PointerByReference();
    int code =
        library
            .optional()
            .call(RESTORE, model, compilation, new Pointer(bytes.address()), bytes.byteSize());
    if (code != NeuronStatus.NEURON_NO_ERROR
        || model.getValue() == null
        || compilation.getValue() == null) {
      if (code == NeuronStatus.NEURON_NO_ERROR && model.getValue() != null) {
        NeuronCompute.NeuronModel_free(model.getValue());
      }
      return Optional.empty();
    }
    return Optional.of(
        new CompiledNetwork(library, name, model.getValue(), compilation.getValue(), true));
  }

  /// Closes `arena` with this network: bytes that it was restored from, which the library may still
  /// read for all that its header says.
  public CompiledNetwork keeping(Arena arena) {
    kept = arena;
    return this;
  }

  /// Whether it comes from [#restore].
  public boolean isRestored() {
    return isRestored;
  }

  /// The compiled network as bytes, for [#restore] by a library of the same major version; only
  /// before [#prepare]. Empty if the library cannot.
  public Optional<MemorySegment> store(Arena arena) {
    if (!library.optional().has(STORED_SIZE) || !library.optional().has(STORE)) {
      return Optional.empty();
    }
    var size = new LongByReference();
    int code = library.optional().call(STORED_SIZE, compilation, size);
    if (code != NeuronStatus.NEURON_NO_ERROR || size.getValue() <= 0) {
      return Optional.empty();
    }
    MemorySegment bytes = arena.allocate(size.getValue());
    code =
        library.optional().call(STORE, compilation, new Pointer(bytes.address()), size.getValue());
    return code == NeuronStatus.NEURON_NO_ERROR ? Optional.of(bytes) : Optional.empty();
  }

  /// Creates the execution.
  ///
  /// @param boost 0 to 100 percent
  /// @throws BackendException if the library refuses
  public void prepare(int boost) {
    var out = new PointerByReference();
    String create = "NeuronExecution_create";
    check(create, NeuronCompute.NeuronExecution_create(compilation, out));
    execution = Handles.checked(create, out);
    ports = new ExecutionPorts(library.sharedMemory(), name, execution);
    String hint = "NeuronExecution_setBoostHint";
    if (library.optional().has(hint)) {
      check(hint, library.optional().call(hint, execution, (byte) boost));
    }
  }

  /// Has input `index` read from `memory`, which is native, in every run from now on.
  public void input(int index, MemorySegment memory) {
    ports.input(index, memory);
  }

  /// Has output `index` written to `memory`, which is native, in every run from now on.
  public void output(int index, MemorySegment memory) {
    ports.output(index, memory);
  }

  /// Runs and waits. What the library calls transient is tried again.
  ///
  /// @return whether it was done; false if the device failed at an operation
  /// @throws BackendException for any other failure
  public boolean compute() {
    ports.endAccess();
    int code;
    try {
      code = attempts();
    } finally {
      ports.beginAccess();
    }
    if (code != OP_FAILED) {
      check("NeuronExecution_compute", code);
    }
    return code != OP_FAILED;
  }

  private int attempts() {
    int code = NeuronStatus.NEURON_NO_ERROR;
    for (int i = 0; i < ATTEMPTS; i++) {
      code =
          library.hasEvents() ? startAndWait() : NeuronCompute.NeuronExecution_compute(execution);
      if (!NeuronStatus.isTransient(code)) {
        break;
      }
    }
    return code;
  }

  /// As `NeuronExecution_compute`, by the calls that vendors' own programs use.
  private int startAndWait() {
    var out = new PointerByReference();
    int code =
        library.optional().call(NeuronLibrary.START, execution, Pointer.NULL, 0, UNLIMITED, out);
    if (code != NeuronStatus.NEURON_NO_ERROR) {
      return code;
    }
    Pointer event = Handles.checked(NeuronLibrary.START, out);
    code = library.optional().call(NeuronLibrary.WAIT, event);
    library.optional().run(NeuronLibrary.FREE, event);
    return code;
  }

  /// What [#compute] answers when the device failed at an operation.
  public BackendException failure() {
    return new BackendException(
        "NeuronExecution_compute for network '%s' returned 5 (NEURON_OP_FAILED)".formatted(name));
  }

  private void check(String call, int code) {
    NeuronStatus.check("%s for network '%s'".formatted(call, name), code);
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      if (execution != null) {
        NeuronCompute.NeuronExecution_free(execution);
      }
      NeuronCompute.NeuronCompilation_free(compilation);
      NeuronCompute.NeuronModel_free(model);
      if (kept != null) {
        kept.close();
      }
    }
  }
}
