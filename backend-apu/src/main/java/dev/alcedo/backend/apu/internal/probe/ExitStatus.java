// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.probe;

/// Names how a process ended. `java.lang.Process` gives 128 plus the signal's number for one that a
/// signal ended; the numbers are Linux's on x86-64 and aarch64.
final class ExitStatus {
  private ExitStatus() {}

  static String describe(int status) {
    return switch (status - 128) {
      case 4 -> "SIGILL";
      case 5 -> "SIGTRAP";
      case 6 -> "SIGABRT";
      case 7 -> "SIGBUS";
      case 8 -> "SIGFPE";
      case 9 -> "SIGKILL (as the kernel does when memory runs out)";
      case 11 -> "SIGSEGV";
      case 15 -> "SIGTERM";
      case 31 -> "SIGSYS (a system call that the sandbox forbids)";
      default -> "exit status " + status;
    };
  }
}
