// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import dev.alcedo.runtime.api.CancelledException;
import java.util.concurrent.atomic.AtomicBoolean;

/// A flag that stops work at its next step. Any thread.
public final class Cancellation {
  private final AtomicBoolean isCancelled = new AtomicBoolean();

  /// Not cancelled yet.
  public Cancellation() {}

  /// Asks the work to stop; asking twice does nothing.
  public void cancel() {
    isCancelled.set(true);
  }

  /// Whether somebody asked.
  public boolean isCancelled() {
    return isCancelled.get();
  }

  /// Called by the work between steps.
  ///
  /// @throws CancelledException if somebody asked
  public void check() {
    if (isCancelled()) {
      throw new CancelledException("cancelled at the caller's request");
    }
  }
}
