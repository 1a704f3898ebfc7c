// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

/// A policy for sharing one model among jobs, chosen by name.
public interface SchedulerProvider extends Provider {
  /// A scheduler for one model.
  ///
  /// @param chunkLength positions that one run of the prefill graph may have, e.g. 128
  Scheduler open(int chunkLength);

  /// Whether stages of the image encoder overlap where they can: the patches of a batch of tiles
  /// are embedded while the blocks run on the batch before.
  default boolean isVisionPipelined() {
    return false;
  }
}
