// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

/// Nobody reads our standard output any more, as under `| head`: no failure, just the end.
final class OutputClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutputClosedException() {
    super("standard output is closed");
  }
}
