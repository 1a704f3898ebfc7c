// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Runs a task's chunks on the calling thread and on workers, and returns when all are done. Made
/// for hundreds of tasks of a few microseconds in a row: chunks are handed out by one atomic
/// counter, nothing is allocated, and workers spin for a moment before they park.
///
/// Any thread may call [#run]. While one call holds the workers, another thread's call does its
/// chunks alone.
public final class WorkerPool implements AutoCloseable {
  /// Work that comes in numbered chunks.
  @FunctionalInterface
  public interface Task {
    /// Does chunk `chunk`; called once for each, by any thread.
    ///
    /// @param scratch the running thread's own
    void run(int chunk, Scratch scratch);
  }

  /// Most chunks of one task.
  public static final int CHUNK_COUNT_MAX = (1 << 20) - 1;

  // How long an idle worker stays awake. A decode step leaves gaps of some microseconds between
  // tasks; longer spinning only heats the core that the caller shares with it.
  private static final long SPIN_NANOS = 100_000;
  private static final int SPINS_PER_CLOCK_READ = 64;

  private final List<Worker> workers = new ArrayList<>();
  private final AtomicBoolean isBusy = new AtomicBoolean();
  private volatile boolean isClosed;

  // The current job. `ticket` packs (epoch, chunk count, next chunk): a successful compare-and-set
  // proves that the job whose task was read is still the current one, because its last chunk is
  // not done before this one is.
  private final AtomicLong ticket = new AtomicLong();
  private final AtomicInteger pending = new AtomicInteger();
  private volatile @Nullable Task task;
  private volatile @Nullable Throwable failure;
  private long epoch;

  /// A pool in which `threadCount` threads work, the caller's included; starts the others.
  ///
  /// @param threadCount at least 1
  public WorkerPool(int threadCount) {
    for (int i = 1; i < threadCount; i++) {
      var worker = new Worker("alcedo-cpu-" + i);
      workers.add(worker);
      worker.start();
    }
  }

  /// Threads that work on a task, the caller's included.
  public int threadCount() {
    return workers.size() + 1;
  }

  /// Runs chunks `0..chunkCount-1` of `job` and waits for them.
  ///
  /// @param chunkCount 0 to [#CHUNK_COUNT_MAX]
  /// @param scratch the caller's
  /// @throws RuntimeException what a chunk threw; the other chunks are done nevertheless
  public void run(Task job, int chunkCount, Scratch scratch) {
    if (chunkCount < 2 || workers.isEmpty() || !isBusy.compareAndSet(false, true)) {
      for (int chunk = 0; chunk < chunkCount; chunk++) {
        job.run(chunk, scratch);
      }
      return;
    }
    try {
      publish(job, chunkCount);
      takeChunks(scratch);
      while (pending.get() > 0) {
        Thread.yield();
      }
      rethrow();
    } finally {
      task = null;
      isBusy.set(false);
    }
  }

  private void publish(Task job, int chunkCount) {
    failure = null;
    task = job;
    pending.set(chunkCount);
    epoch = (epoch + 1) & 0x7FFFFF;
    ticket.set(epoch << 40 | (long) chunkCount << 20);
    for (int i = 0; i < workers.size(); i++) {
      Worker worker = workers.get(i);
      if (worker.isParked) {
        LockSupport.unpark(worker);
      }
    }
  }

  /// Works on the current job while it has chunks; false if there were none.
  private boolean takeChunks(Scratch scratch) {
    boolean hasWorked = false;
    while (true) {
      long seen = ticket.get();
      int next = (int) (seen & 0xFFFFF);
      if (next >= (int) (seen >>> 20 & 0xFFFFF)) {
        return hasWorked;
      }
      Task current = task;
      if (current == null || !ticket.compareAndSet(seen, seen + 1)) {
        continue;
      }
      try {
        current.run(next, scratch);
      } catch (Throwable e) {
        failure = e;
      } finally {
        pending.decrementAndGet();
      }
      hasWorked = true;
    }
  }

  private void rethrow() {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  /// Ends the workers and waits for them; not to be called during [#run]. Does nothing the second
  /// time.
  @Override
  public void close() {
    isClosed = true;
    boolean isInterrupted = false;
    for (Worker worker : workers) {
      LockSupport.unpark(worker);
      while (worker.isAlive()) {
        try {
          worker.join();
        } catch (InterruptedException e) {
          isInterrupted = true;
        }
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Worker extends Thread {
    private final Scratch scratch = new Scratch();
    private volatile boolean isParked;

    Worker(String name) {
      super(null, null, name, 0, false);
      setDaemon(true);
    }

    @Override
    public void run() {
      while (!isClosed) {
        if (!takeChunks(scratch) && !spin()) {
          park();
        }
      }
    }

    /// Waits awake for a short time; true as soon as there is work.
    private boolean spin() {
      long end = System.nanoTime() + SPIN_NANOS;
      do {
        for (int i = 0; i < SPINS_PER_CLOCK_READ; i++) {
          if (hasChunks()) {
            return true;
          }
          Thread.onSpinWait();
        }
        Thread.yield();
      } while (System.nanoTime() < end);
      return false;
    }

    private void park() {
      isParked = true;
      // Looked at after the flag is up: whoever publishes later sees the flag and unparks.
      if (!hasChunks() && !isClosed) {
        LockSupport.park(WorkerPool.this);
      }
      isParked = false;
    }

    private boolean hasChunks() {
      long seen = ticket.get();
      return (seen & 0xFFFFF) < (seen >>> 20 & 0xFFFFF);
    }
  }
}
