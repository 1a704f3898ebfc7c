// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.spi.Scheduler;
import dev.alcedo.runtime.api.spi.SchedulerProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// `chunked`: continuous batching with chunked prefill. Every run takes the decode step of each job
/// that has one, and fills the rest of the chunk with prompts in order of arrival, so that a long
/// prompt delays running answers by one chunk at most.
///
/// The oldest prompt may have to run a whole picture for which the decode steps leave no room. Then
/// it goes first in every second run, and the decode steps that still fit go with it.
public final class ChunkedScheduler implements SchedulerProvider {
  /// For `ServiceLoader`.
  public ChunkedScheduler() {}

  @Override
  public String id() {
    return "chunked";
  }

  @Override
  public Scheduler open(int chunkLength) {
    return new Chunks(chunkLength);
  }

  /// Remembers whether decode steps had to wait, so that they do not twice in a row.
  private static final class Chunks implements Scheduler {
    private final int chunkLength;
    private boolean isDecodeDue;

    Chunks(int chunkLength) {
      this.chunkLength = chunkLength;
    }

    @Override
    public List<Grant> next(List<Pending> pending) {
      long decodeCount = pending.stream().filter(p -> p.kind() == Kind.DECODE).count();
      Predicate<Pending> isCrowdedOut =
          p -> p.isIndivisible() && p.positionCount() > chunkLength - decodeCount;
      var order = new ArrayList<Pending>(pending.size());
      if (decodeCount > 0 && !isDecodeDue) {
        oldestPrompt(pending).stream().filter(isCrowdedOut).forEach(order::add);
      }
      isDecodeDue = !order.isEmpty();
      for (Kind kind : List.of(Kind.DECODE, Kind.PREFILL)) {
        pending.stream()
            .filter(p -> p.kind() == kind && !order.contains(p))
            .toList()
            .forEach(order::add);
      }
      return fill(order);
    }

    private static List<Pending> oldestPrompt(List<Pending> pending) {
      return pending.stream().filter(p -> p.kind() == Kind.PREFILL).limit(1).toList();
    }

    private List<Grant> fill(List<Pending> order) {
      List<Grant> grants = new ArrayList<>();
      int left = chunkLength;
      for (Pending job : order) {
        int count = Math.min(job.positionCount(), left);
        if (count > 0 && (count == job.positionCount() || !job.isIndivisible())) {
          grants.add(new Grant(job.jobId(), count));
          left -= count;
        }
      }
      return grants;
    }
  }
}
