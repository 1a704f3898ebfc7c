// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import dev.alcedo.runtime.api.BackendException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Memory that a library is given by descriptor. Each block has one of its own, used from its first
/// byte: a driver was seen to map descriptors from their start whatever offset it was told. Blocks
/// are ordinary memory for the CPU, so that a port whose block the library refuses is bound by its
/// address; from the first refusal on all are. Allocates in any thread; the library is called by
/// the one that calls it otherwise.
final class SharedMemory {
  private static final String CREATE = "NeuronMemory_createFromFd";
  private static final String FREE = "NeuronMemory_free";
  private static final List<String> SYMBOLS =
      List.of(CREATE, FREE, ExecutionPorts.INPUT_FROM_MEMORY, ExecutionPorts.OUTPUT_FROM_MEMORY);
  private static final long TRIAL_BYTES = 4096;

  private final OptionalCalls calls;
  private final Posix posix;
  private final DescriptorSource source;
  private final Consumer<String> warnings;
  private final NavigableMap<Long, SharedBlock> blocks = new ConcurrentSkipListMap<>();
  private volatile @Nullable String refusal;

  private SharedMemory(
      OptionalCalls calls, Posix posix, DescriptorSource source, Consumer<String> warnings) {
    this.calls = calls;
    this.posix = posix;
    this.source = source;
    this.warnings = warnings;
  }

  /// With the best source whose memory the library takes, or without any.
  ///
  /// @param warnings told why memory is plain, at once or later
  static SharedMemory open(OptionalCalls calls, Posix posix, Consumer<String> warnings) {
    List<DescriptorSource> sources = DescriptorSource.all(posix);
    List<String> missing = SYMBOLS.stream().filter(symbol -> !calls.has(symbol)).toList();
    var reasons = new ArrayList<String>();
    if (missing.isEmpty()) {
      for (DescriptorSource source : sources) {
        var memory = new SharedMemory(calls, posix, source, warnings);
        try {
          memory.tryOut();
          return memory;
        } catch (BackendException e) {
          reasons.add("%s: %s".formatted(source.name(), e.getMessage()));
        }
      }
    } else {
      reasons.add("the library does not export " + String.join(", ", missing));
    }
    var none = new SharedMemory(calls, posix, sources.getLast(), warnings);
    none.refuse(String.join("; ", reasons));
    return none;
  }

  private void tryOut() {
    var block = new SharedBlock(posix, source, TRIAL_BYTES);
    try {
      handle(block);
    } finally {
      free(block);
    }
  }

  /// Memory for networks' inputs and outputs.
  Arena arena() {
    return new SharedArena(this);
  }

  /// Where memory comes from, or why it is plain.
  String describe() {
    String why = refusal;
    return why == null ? "memory of " + source.name() : "plain memory: " + why;
  }

  /// Whether descriptors are used.
  boolean isUsed() {
    return refusal == null;
  }

  /// New memory, or empty if it is to be plain.
  Optional<SharedBlock> allocate(long byteSize) {
    if (!isUsed() || byteSize < 1 || byteSize > Integer.MAX_VALUE) { // what a buffer can show
      return Optional.empty();
    }
    try {
      var block = new SharedBlock(posix, source, byteSize);
      blocks.put(block.address(), block);
      return Optional.of(block);
    } catch (BackendException e) {
      refuse("%s: %s".formatted(source.name(), e.getMessage()));
      return Optional.empty();
    }
  }

  /// Has a port of an execution use `segment` by descriptor.
  ///
  /// @param call one of the two that do so
  /// @return the block that it is in, or empty if its address is to be used
  Optional<SharedBlock> bind(String call, Pointer execution, int index, MemorySegment segment) {
    Map.Entry<Long, SharedBlock> below = isUsed() ? blocks.floorEntry(segment.address()) : null;
    if (below == null) {
      return Optional.empty();
    }
    SharedBlock block = below.getValue();
    long offset = segment.address() - block.address();
    if (offset + segment.byteSize() > block.byteSize()) {
      return Optional.empty();
    }
    try {
      Pointer handle = handle(block);
      Object[] arguments = {execution, index, Pointer.NULL, handle, offset, segment.byteSize()};
      NeuronStatus.check(call, calls.call(call, arguments));
      return Optional.of(block);
    } catch (BackendException e) {
      refuse(e.getMessage());
      return Optional.empty();
    }
  }

  private Pointer handle(SharedBlock block) {
    Pointer known = block.handle();
    if (known != null) {
      return known;
    }
    var out = new PointerByReference();
    int protection = Posix.PROT_READ | Posix.PROT_WRITE;
    int code = calls.call(CREATE, block.byteSize(), protection, block.descriptor(), 0L, out);
    NeuronStatus.check(CREATE, code);
    Pointer handle = Handles.checked(CREATE, out);
    block.setHandle(handle);
    return handle;
  }

  private void refuse(String why) {
    if (refusal == null) {
      refusal = why;
      warnings.accept(why);
    }
  }

  /// Frees a block that no execution is bound to.
  void free(SharedBlock block) {
    blocks.remove(block.address());
    if (block.handle() != null) {
      calls.run(FREE, block.handle());
      block.setHandle(null);
    }
    block.close();
  }
}
