// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

/// What came back over the bus instead of an answer.
public final class BusException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureKind kind;

  /// A failure of `kind` with a message for people.
  public BusException(FailureKind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /// Which kind of failure.
  public FailureKind kind() {
    return kind;
  }
}
