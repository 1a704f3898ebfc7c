// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

/// Why a library could not be loaded or bound, in one line.
final class LoadErrors {
  private LoadErrors() {}

  /// JNA's message has a line per place it looked at; the first after the heading is the dynamic
  /// linker's about the path that we gave.
  static String reason(LinkageError error) {
    String message = String.valueOf(error.getMessage());
    String line =
        message.startsWith("Unable to load library")
            ? message.lines().skip(1).findFirst().orElse(message)
            : message;
    return error instanceof UnsatisfiedLinkError
        ? line
        : error.getClass().getName() + ": " + (error.getCause() == null ? line : error.getCause());
  }
}
