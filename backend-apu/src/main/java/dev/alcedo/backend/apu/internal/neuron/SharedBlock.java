// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import com.sun.jna.Pointer;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Memory with a descriptor, mapped into this process, and the library's handle for it once it has
/// one. The CPU has it, but while a network runs.
final class SharedBlock implements AutoCloseable {
  private final Posix posix;
  private final DescriptorSource source;
  private final int descriptor;
  private final long byteSize;
  private final Pointer mapping;
  private @Nullable Pointer handle;

  /// Zeroed.
  ///
  /// @throws dev.alcedo.runtime.api.BackendException if there is no such memory
  SharedBlock(Posix posix, DescriptorSource source, long byteSize) {
    this.posix = posix;
    this.source = source;
    this.byteSize = byteSize;
    this.descriptor = source.descriptor(byteSize);
    try {
      this.mapping = posix.mmap(descriptor, byteSize);
    } catch (RuntimeException | Error e) {
      posix.close(descriptor);
      throw e;
    }
  }

  int descriptor() {
    return descriptor;
  }

  long byteSize() {
    return byteSize;
  }

  long address() {
    return Pointer.nativeValue(mapping);
  }

  /// All of it. Nothing watches over its use: whoever closes the block sees to it that there is
  /// none any more.
  MemorySegment segment() {
    return MemorySegment.ofBuffer(mapping.getByteBuffer(0, byteSize));
  }

  /// The library's `NeuronMemory`, or null.
  @Nullable Pointer handle() {
    return handle;
  }

  void setHandle(@Nullable Pointer handle) {
    this.handle = handle;
  }

  /// A device had it; the CPU reads and writes it from now on.
  void beginAccess() {
    source.beginAccess(descriptor);
  }

  /// A device may have it from now on.
  void endAccess() {
    source.endAccess(descriptor);
  }

  /// Unmaps it and closes the descriptor.
  @Override
  public void close() {
    posix.munmap(mapping, byteSize);
    posix.close(descriptor);
  }
}
