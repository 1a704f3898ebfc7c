// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Memory of networks' inputs and outputs, each with a descriptor of its own while there are any;
/// what gets none is ordinary memory. Closed by the thread that calls the library, when no network
/// is left that is bound to it. One thread at a time.
final class SharedArena implements Arena {
  /// Mappings start at a page, of 4 KiB or more.
  private static final long ALIGNMENT_MAX = 4096;

  private final SharedMemory memory;
  private final Arena plain = Arena.ofShared();
  private final List<SharedBlock> blocks = new ArrayList<>();

  SharedArena(SharedMemory memory) {
    this.memory = memory;
  }

  @Override
  public MemorySegment allocate(long byteSize, long byteAlignment) {
    if (!plain.scope().isAlive()) {
      throw new IllegalStateException("the arena is closed");
    }
    Optional<SharedBlock> block =
        byteAlignment <= ALIGNMENT_MAX ? memory.allocate(byteSize) : Optional.empty();
    block.ifPresent(blocks::add);
    return block.map(SharedBlock::segment).orElseGet(() -> plain.allocate(byteSize, byteAlignment));
  }

  /// Of its ordinary memory; it ends with the other's.
  @Override
  public MemorySegment.Scope scope() {
    return plain.scope();
  }

  @Override
  public void close() {
    plain.close();
    blocks.forEach(memory::free);
  }
}
