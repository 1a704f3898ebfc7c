// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.message.StreamEvent;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How far the loading of the model is. Any thread.
final class Loading {
  private StreamEvent.@Nullable Progress latest;
  private boolean isDone;

  synchronized void report(StreamEvent.Progress progress) {
    latest = progress;
    notifyAll();
  }

  /// The model is there.
  synchronized void end() {
    isDone = true;
    notifyAll();
  }

  synchronized boolean isDone() {
    return isDone;
  }

  static HttpFailure failure() {
    return HttpFailure.busy(503, "loading", "the model is being loaded; try again later");
  }

  /// Waits until the model is there, telling `onEvent` of progress.
  ///
  /// @throws HttpFailure if that takes too long, or the call is stopped
  void await(Call call, Consumer<StreamEvent> onEvent) {
    StreamEvent.Progress told = null;
    while (true) {
      StreamEvent.Progress next = next(call, told);
      if (next == null) {
        return;
      }
      onEvent.accept(next);
      told = next;
    }
  }

  private synchronized StreamEvent.@Nullable Progress next(
      Call call, StreamEvent.@Nullable Progress told) {
    try {
      while (!isDone && (latest == null || latest.equals(told))) {
        long nanos = call.remainingNanos();
        if (nanos <= 0) {
          throw call.late();
        }
        wait(1 + TimeUnit.NANOSECONDS.toMillis(nanos));
      }
      return isDone ? null : latest;
    } catch (InterruptedException e) {
      throw call.stopped();
    }
  }
}
