// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.width;

/// For kernels that are called through method handles which are no constants, because the JIT never
/// inlines those: see the classes that do so for their reasons.
public final class OutOfLine {
  private OutOfLine() {}

  /// What to throw for what a handle threw. Kernels declare nothing; an Error is thrown on.
  public static RuntimeException unchecked(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
  }
}
