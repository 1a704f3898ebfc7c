// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.spi.Scheduler;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The rules of [Scheduler#next], checked on every answer: schedulers are plugins, and a wrong
/// grant would run past the end of a prompt or of a buffer, or never end.
final class GrantRules {
  private GrantRules() {}

  /// Checks what a scheduler granted.
  ///
  /// @param chunkLength positions that one run can take
  /// @throws IllegalStateException naming the grant and the rule it breaks
  static void check(
      List<Scheduler.Pending> pending, List<Scheduler.Grant> grants, int chunkLength) {
    Map<Long, Scheduler.Pending> left = new HashMap<>();
    pending.forEach(p -> left.put(p.jobId(), p));
    long total = 0;
    require(!grants.isEmpty(), "expected at least one grant, got none");
    for (Scheduler.Grant grant : grants) {
      Scheduler.Pending job = left.remove(grant.jobId());
      require(job != null, "expected each pending job once at most, got " + grant);
      int max = job.positionCount();
      int min = job.isIndivisible() ? max : 1;
      require(
          grant.positionCount() >= min && grant.positionCount() <= max,
          "expected %d to %d positions, got %s".formatted(min, max, grant));
      total += grant.positionCount();
    }
    require(
        total <= chunkLength,
        "expected %d positions in all at most, got %d".formatted(chunkLength, total));
  }

  private static void require(boolean isTrue, String message) {
    if (!isTrue) {
      throw new IllegalStateException("scheduler: " + message);
    }
  }
}
