// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import java.time.Duration;
import java.util.concurrent.Semaphore;

/// How many requests are taken in, and how many of them run: so many slots, and so many that wait
/// for one. Any thread.
final class Gate {
  private final int slotCount;
  private final Semaphore places;
  private final Semaphore slots;
  private final int placeCount;

  Gate(int slotCount, int queueLength) {
    this.slotCount = slotCount;
    this.placeCount = slotCount + queueLength;
    this.places = new Semaphore(placeCount);
    this.slots = new Semaphore(slotCount, true);
  }

  /// Takes a request in.
  ///
  /// @throws HttpFailure if too many wait already
  void enter() {
    if (!places.tryAcquire()) {
      throw HttpFailure.busy(
          429, "queue_full", "the queue is full: %d requests run or wait".formatted(placeCount));
    }
  }

  /// A request has ended.
  void leave() {
    places.release();
  }

  /// Waits for a slot.
  ///
  /// @return how long it took
  Duration begin(Call call) throws InterruptedException {
    long startNanos = System.nanoTime();
    if (!slots.tryAcquire(call.remainingNanos(), java.util.concurrent.TimeUnit.NANOSECONDS)) {
      throw call.late();
    }
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /// Gives a slot back.
  void end() {
    slots.release();
  }

  /// Requests that were taken in and have not ended.
  int insideCount() {
    return placeCount - places.availablePermits();
  }

  /// Requests that can run at a time.
  int slotCount() {
    return slotCount;
  }

  /// Requests that run.
  int runningCount() {
    return slotCount - slots.availablePermits();
  }
}
