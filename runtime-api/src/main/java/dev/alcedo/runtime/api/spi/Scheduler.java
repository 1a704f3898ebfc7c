// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import java.util.List;

/// Says which steps run next and together. Owned by one model's engine thread.
public interface Scheduler {
  /// What a job waits for.
  ///
  /// @param jobId unique; lower came earlier
  /// @param kind prefill or decode
  /// @param positionCount positions that can run next: 1 for decode
  /// @param isIndivisible whether a grant must give all of them or none (image tokens that see each
  ///   other in both directions); never more than the chunk length
  record Pending(long jobId, Kind kind, int positionCount, boolean isIndivisible) {
    /// Positions that can run in parts.
    public Pending(long jobId, Kind kind, int positionCount) {
      this(jobId, kind, positionCount, false);
    }
  }

  /// Kinds of steps.
  enum Kind {
    /// Positions of a prompt.
    PREFILL,
    /// One generated position.
    DECODE
  }

  /// `positionCount` positions of a job to run now.
  record Grant(long jobId, int positionCount) {}

  /// The next run: at least one grant if anything is pending, no job twice, no more positions than
  /// pending, all or none of an indivisible job's, no more than the chunk length in all. Grants of
  /// one list run as one batch.
  ///
  /// @param pending in order of arrival
  List<Grant> next(List<Pending> pending);
}
