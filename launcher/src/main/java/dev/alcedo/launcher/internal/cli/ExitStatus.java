// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.FailureKind;

/// How the process ends, see `docs/cli.md`.
public enum ExitStatus {
  /// Done.
  OK(0),
  /// A bug of ours.
  INTERNAL(1),
  /// The command line makes no sense.
  USAGE(2),
  /// The request or a picture cannot be answered as it stands.
  INVALID(3),
  /// A model file is broken or not one that we run.
  MODEL(4),
  /// A backend is not here or failed.
  BACKEND(5),
  /// Memory or context do not suffice.
  RESOURCES(6),
  /// Stopped by Ctrl-C.
  CANCELLED(130);

  private final int number;

  ExitStatus(int number) {
    this.number = number;
  }

  /// The process's exit status.
  public int number() {
    return number;
  }

  /// The status for a failure.
  public static ExitStatus of(FailureKind kind) {
    return switch (kind) {
      case INTERNAL -> INTERNAL;
      case INVALID_REQUEST -> INVALID;
      case MODEL_FORMAT, UNSUPPORTED_MODEL -> MODEL;
      case BACKEND_UNAVAILABLE, BACKEND, ENGINE_LOST -> BACKEND;
      case RESOURCE_EXHAUSTED, OUT_OF_MEMORY -> RESOURCES;
      case CANCELLED -> CANCELLED;
    };
  }
}
