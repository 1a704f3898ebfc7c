// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import com.sun.jna.Memory;

/// A heap of the kernel's for memory that devices reach, too, from Linux 5.6 on: structs and
/// numbers are those of `linux/dma-heap.h` and `linux/dma-buf.h`. The CPU's caches are written back
/// and dropped only where the kernel is told that an access ends or begins.
record DmaHeap(Posix posix, String heap) implements DescriptorSource {
  static final long DMA_HEAP_IOCTL_ALLOC = 0xC0184800L;
  static final long DMA_BUF_IOCTL_SYNC = 0x40086200L;
  static final long DMA_BUF_SYNC_RW = 3;
  static final long DMA_BUF_SYNC_START = 0;
  static final long DMA_BUF_SYNC_END = 4;

  /// `struct dma_heap_allocation_data`: `__u64 len; __u32 fd; __u32 fd_flags; __u64 heap_flags`.
  static final int ALLOCATION_SIZE = 24;

  static final int LEN = 0;
  static final int FD = 8;
  static final int FD_FLAGS = 12;

  @Override
  public String name() {
    return "/dev/dma_heap/" + heap;
  }

  @Override
  public int descriptor(long byteSize) {
    int device = posix.open(name(), Posix.O_RDONLY | Posix.O_CLOEXEC);
    try (var data = new Memory(ALLOCATION_SIZE)) {
      data.clear();
      data.setLong(LEN, byteSize);
      data.setInt(FD_FLAGS, Posix.O_RDWR | Posix.O_CLOEXEC);
      posix.ioctl(device, DMA_HEAP_IOCTL_ALLOC, data);
      return data.getInt(FD);
    } finally {
      posix.close(device);
    }
  }

  @Override
  public void beginAccess(int descriptor) {
    sync(descriptor, DMA_BUF_SYNC_START);
  }

  @Override
  public void endAccess(int descriptor) {
    sync(descriptor, DMA_BUF_SYNC_END);
  }

  /// `struct dma_buf_sync` is one `__u64`.
  private void sync(int descriptor, long what) {
    try (var flags = new Memory(Long.BYTES)) {
      flags.setLong(0, what | DMA_BUF_SYNC_RW);
      posix.ioctl(descriptor, DMA_BUF_IOCTL_SYNC, flags);
    }
  }
}
