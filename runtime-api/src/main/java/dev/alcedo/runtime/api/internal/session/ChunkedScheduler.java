// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.spi.Scheduler;
import dev.alcedo.runtime.api.spi.SchedulerProvider;
import java.util.ArrayList;
import java.util.List;

/// `chunked`: continuous batching with chunked prefill. Every run takes the decode step of each job
/// that has one, and fills the rest of the chunk with prompts in order of arrival, so that a long
/// prompt delays running answers by one chunk at most.
public final class ChunkedScheduler implements SchedulerProvider {
  /// For `ServiceLoader`.
  public ChunkedScheduler() {}

  @Override
  public String id() {
    return "chunked";
  }

  @Override
  public Scheduler open(int chunkLength) {
    return pending -> grants(pending, chunkLength);
  }

  private static List<Scheduler.Grant> grants(List<Scheduler.Pending> pending, int chunkLength) {
    List<Scheduler.Grant> grants = new ArrayList<>();
    int left = chunkLength;
    for (Scheduler.Kind kind : List.of(Scheduler.Kind.DECODE, Scheduler.Kind.PREFILL)) {
      for (Scheduler.Pending job : pending) {
        if (job.kind() == kind && left > 0) {
          int count = Math.min(job.positionCount(), left);
          grants.add(new Scheduler.Grant(job.jobId(), count));
          left -= count;
        }
      }
    }
    return grants;
  }
}
