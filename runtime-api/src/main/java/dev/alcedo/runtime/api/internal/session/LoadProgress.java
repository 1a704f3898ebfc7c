// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.spi.Progress;

/// How much of a model's bytes is loaded, from what backends tell of their weights. They tell only
/// of those that took work (repacking), so that the end of a file may be reached in a leap.
final class LoadProgress {
  private final Progress progress;
  private final long totalBytes;
  private long doneBytes;

  /// Reports the beginning.
  LoadProgress(Progress progress, long totalBytes) {
    this.progress = progress;
    this.totalBytes = totalBytes;
    progress.report("load", 0, totalBytes);
  }

  /// `bytes` more are in place.
  void add(long bytes) {
    reach(doneBytes + bytes);
  }

  /// Everything up to `bytes` is in place. Weights that two stages hold, each in its own form, are
  /// told of twice: never backwards, and not beyond the end.
  void reach(long bytes) {
    doneBytes = Math.clamp(bytes, doneBytes, totalBytes);
    progress.report("load", doneBytes, totalBytes);
  }
}
