// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

/// Files that are in memory only, of `memfd_create`. Whoever takes one maps it with the CPU's
/// caches, so that nobody has to be told of accesses.
record Memfd(Posix posix) implements DescriptorSource {
  /// Seen in `/proc/PID/maps`.
  static final String FILE_NAME = "alcedo-apu";

  @Override
  public String name() {
    return "memfd_create";
  }

  @Override
  public int descriptor(long byteSize) {
    int descriptor = posix.memfd_create(FILE_NAME, Posix.MFD_CLOEXEC);
    try {
      posix.ftruncate(descriptor, byteSize);
      return descriptor;
    } catch (RuntimeException | Error e) {
      posix.close(descriptor);
      throw e;
    }
  }

  @Override
  public void beginAccess(int descriptor) {
    // coherent
  }

  @Override
  public void endAccess(int descriptor) {
    // coherent
  }
}
