// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.VlmException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sets the driver aside after several failures in a row, or one hang: from then on everything is
/// refused at once, without a call, so that the work goes to the next backend. Any thread.
public final class CircuitBreaker {
  private static final Logger LOG = LoggerFactory.getLogger(CircuitBreaker.class);
  private static final int FAILURES_MAX = 3;

  private int failures;
  private @Nullable String cause;

  /// Closed: calls pass.
  public CircuitBreaker() {}

  /// Why the driver is set aside, or null.
  public synchronized @Nullable String cause() {
    return cause;
  }

  /// @throws BackendException if the driver is set aside
  void check() {
    String why = cause();
    if (why != null) {
      throw new BackendException("the Neuron driver is set aside for this process: " + why);
    }
  }

  /// A call failed.
  ///
  /// @param isFinal whether one such failure is enough
  synchronized void failed(VlmException failure, boolean isFinal) {
    failures++;
    if (cause == null && (isFinal || failures >= FAILURES_MAX)) {
      cause = failure.getMessage();
      LOG.warn("the Neuron driver is set aside after {} failure(s): {}", failures, cause);
    }
  }

  /// A run was done.
  synchronized void succeeded() {
    failures = 0;
  }
}
