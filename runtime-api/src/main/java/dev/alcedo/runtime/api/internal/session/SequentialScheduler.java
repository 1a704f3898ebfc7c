// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.spi.Scheduler;
import dev.alcedo.runtime.api.spi.SchedulerProvider;
import java.util.List;

/// `sequential`: the oldest job runs alone until it is done. Least memory traffic, longest waits.
public final class SequentialScheduler implements SchedulerProvider {
  /// For `ServiceLoader`.
  public SequentialScheduler() {}

  @Override
  public String id() {
    return "sequential";
  }

  @Override
  public Scheduler open(int chunkLength) {
    return pending -> {
      Scheduler.Pending first = pending.getFirst();
      return List.of(
          new Scheduler.Grant(first.jobId(), Math.min(first.positionCount(), chunkLength)));
    };
  }
}
