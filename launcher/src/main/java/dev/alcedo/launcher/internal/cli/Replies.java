// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.BusException;
import dev.alcedo.launcher.internal.bus.FailureKind;
import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;

/// Waiting for the bus, on a thread that may wait.
final class Replies {
  private Replies() {}

  /// The reply.
  ///
  /// @throws BusException if there will be none
  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BusException(FailureKind.CANCELLED, "interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BusException failure) {
        throw failure;
      }
      throw new IllegalStateException("the bus fails with failures of ours only", e.getCause());
    }
  }
}
