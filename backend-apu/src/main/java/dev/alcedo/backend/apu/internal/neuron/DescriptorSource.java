// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import dev.alcedo.runtime.api.BackendException;
import java.util.List;

/// Where memory with a descriptor comes from. Any thread.
sealed interface DescriptorSource permits DmaHeap, Memfd {
  /// Best first: MediaTek's heap, the kernel's own, and what every Linux has. The adapter's header
  /// speaks of ion alone, which DMA heaps came in place of.
  static List<DescriptorSource> all(Posix posix) {
    return List.of(new DmaHeap(posix, "mtk_mm"), new DmaHeap(posix, "system"), new Memfd(posix));
  }

  /// What a person knows it by.
  String name();

  /// New memory, zeroed, whose descriptor the caller closes.
  ///
  /// @throws BackendException if there is none
  int descriptor(long byteSize);

  /// The CPU is about to read and write memory that a device had.
  ///
  /// @throws BackendException if the kernel refuses
  void beginAccess(int descriptor);

  /// The CPU is done, and a device may have it.
  ///
  /// @throws BackendException if the kernel refuses
  void endAccess(int descriptor);
}
