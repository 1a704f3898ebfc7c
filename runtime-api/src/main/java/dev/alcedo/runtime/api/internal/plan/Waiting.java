// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import dev.alcedo.runtime.api.CancelledException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// Waiting for what another thread does. An interrupt does not end the wait, for the other thread
/// works with the caller's memory; it is left to be seen afterwards.
public final class Waiting {
  private Waiting() {}

  /// Waits until `work` is done.
  ///
  /// @throws CancelledException if it was cancelled
  /// @throws RuntimeException what it threw
  public static void forResult(Future<?> work) {
    boolean isInterrupted = false;
    try {
      while (true) {
        try {
          work.get();
          return;
        } catch (InterruptedException e) {
          isInterrupted = true;
        }
      }
    } catch (CancellationException e) {
      throw new CancelledException("closed while it was at work", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
