// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.spi.Scheduler;
import dev.alcedo.runtime.api.spi.SchedulerProvider;

/// `pipelined`: text as `chunked` has it; the stages of the image encoder overlap where they have
/// devices or processors of their own (BlueLM-V-3B, figure 5).
public final class PipelinedScheduler implements SchedulerProvider {
  private final ChunkedScheduler chunked = new ChunkedScheduler();

  /// For `ServiceLoader`.
  public PipelinedScheduler() {}

  @Override
  public String id() {
    return "pipelined";
  }

  @Override
  public Scheduler open(int chunkLength) {
    return chunked.open(chunkLength);
  }

  @Override
  public boolean isVisionPipelined() {
    return true;
  }
}
