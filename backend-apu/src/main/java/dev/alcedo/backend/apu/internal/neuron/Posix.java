// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.alcedo.runtime.api.BackendException;

/// The C library's calls that make memory with a descriptor, named as there; `size_t`, `off_t` and
/// `unsigned long` are `long`. Each is found when it is called: older C libraries lack some. Any
/// thread.
final class Posix {
  static final int PROT_READ = 1;
  static final int PROT_WRITE = 2;
  static final int MAP_SHARED = 1;
  static final int MFD_CLOEXEC = 1;
  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_CLOEXEC = 0x80000;
  static final int EINTR = 4;
  static final int EAGAIN = 11;

  private static final long MAP_FAILED = -1;

  private final NativeLibrary library;

  Posix(NativeLibrary library) {
    this.library = library;
  }

  /// Of the C library that this process runs with.
  static Posix ofProcess() {
    return new Posix(NativeLibrary.getProcess());
  }

  int memfd_create(String name, int flags) {
    return result("memfd_create", name, flags);
  }

  int open(String path, int flags) {
    return result("open", path, flags);
  }

  void ftruncate(int descriptor, long length) {
    result("ftruncate", descriptor, length);
  }

  /// Begun again where a signal came between.
  void ioctl(int descriptor, long request, Pointer argument) {
    Function ioctl = function("ioctl");
    while (ioctl.invokeInt(new Object[] {descriptor, request, argument}) < 0) {
      int errno = Native.getLastError();
      if (errno != EINTR && errno != EAGAIN) {
        throw failure("ioctl", errno);
      }
    }
  }

  /// All of a descriptor's memory, to read and write, shared with others who map it.
  Pointer mmap(int descriptor, long length) {
    Object[] arguments = {Pointer.NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0L};
    long address = function("mmap").invokeLong(arguments);
    if (address == MAP_FAILED) {
      throw failure("mmap", Native.getLastError());
    }
    return new Pointer(address);
  }

  void munmap(Pointer mapping, long length) {
    result("munmap", mapping, length);
  }

  void close(int descriptor) {
    result("close", descriptor);
  }

  private int result(String name, Object... arguments) {
    int result = function(name).invokeInt(arguments);
    if (result < 0) {
      throw failure(name, Native.getLastError());
    }
    return result;
  }

  private Function function(String name) {
    try {
      return library.getFunction(name);
    } catch (UnsatisfiedLinkError _) {
      throw new BackendException("the C library has no " + name);
    }
  }

  private BackendException failure(String call, int errno) {
    String text = function("strerror").invokeString(new Object[] {errno}, false);
    return new BackendException("%s failed with errno %d (%s)".formatted(call, errno, text));
  }
}
