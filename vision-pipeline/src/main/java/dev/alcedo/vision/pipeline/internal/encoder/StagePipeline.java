// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Runs batches through stages that overlap: a stage takes up a batch once the stage before is done
/// with it and itself is done with the batch before. Memory between two stages holds two batches,
/// so that a stage is at most two ahead of the next. Used once, by one thread; its other threads
/// have ended when [#run] returns or throws.
final class StagePipeline {
  /// Batches that the memory between two stages holds.
  static final int DEPTH = 2;

  private final List<Stage> stages;
  private final int batchCount;
  private final Runnable check;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final int[] done;
  private @Nullable Throwable failure;

  /// What one thread does.
  @FunctionalInterface
  interface Stage {
    /// Works on batch `batch`, whose memory at both ends is number `batch % DEPTH`.
    void run(int batch);
  }

  /// @param check called before each batch of each stage; throws if they are to stop
  StagePipeline(List<Stage> stages, int batchCount, Runnable check) {
    this.stages = List.copyOf(stages);
    this.batchCount = batchCount;
    this.check = check;
    this.done = new int[stages.size()];
  }

  /// Runs all batches: the last stage on the calling thread, each other one on a thread of its own.
  ///
  /// @throws RuntimeException what a stage threw first; the others stop at their next batch
  void run() {
    var threads = new ArrayList<Thread>();
    int last = stages.size() - 1;
    try {
      for (int i = 0; i < last; i++) {
        int stage = i;
        threads.add(
            Thread.ofPlatform().daemon().name("alcedo-vision-" + i).start(() -> drive(stage)));
      }
    } catch (Throwable e) { // no thread to be had
      fail(e);
    }
    drive(last);
    joinAll(threads);
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  private void drive(int stage) {
    try {
      for (int batch = 0; batch < batchCount && awaitTurn(stage, batch); batch++) {
        check.run();
        stages.get(stage).run(batch);
        noteDone(stage);
      }
    } catch (
        Throwable e) { // whatever a backend throws: the other stages must not wait for this one
      fail(e);
    }
  }

  /// Waits until `batch` is ready at both ends.
  ///
  /// @return false if a stage has failed
  private boolean awaitTurn(int stage, int batch) {
    lock.lock();
    try {
      while (failure == null && !isReady(stage, batch)) {
        changed.awaitUninterruptibly();
      }
      return failure == null;
    } finally {
      lock.unlock();
    }
  }

  private boolean isReady(int stage, int batch) {
    boolean hasInput = stage == 0 || done[stage - 1] > batch;
    boolean hasRoom = stage == stages.size() - 1 || done[stage + 1] > batch - DEPTH;
    return hasInput && hasRoom;
  }

  private void noteDone(int stage) {
    lock.lock();
    try {
      done[stage]++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void fail(Throwable cause) {
    lock.lock();
    try {
      if (failure == null) {
        failure = cause;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static void joinAll(List<Thread> threads) {
    boolean isInterrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          isInterrupted = true;
        }
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
