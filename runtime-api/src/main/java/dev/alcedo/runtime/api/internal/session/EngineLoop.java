// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.spi.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that runs a model: asks the scheduler what is next, runs it as a batch, hands out
/// tokens, and notices cancellations between runs.
final class EngineLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);

  private final TextRunner runner;
  private final Scheduler scheduler;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Job> incoming = new ArrayList<>();
  private final List<Job> active = new ArrayList<>();
  private boolean isClosed;

  EngineLoop(TextRunner runner, Scheduler scheduler, String name) {
    this.runner = runner;
    this.scheduler = scheduler;
    this.thread = Thread.ofPlatform().name("alcedo-engine-" + name).daemon().start(this::loop);
  }

  /// Takes a job in; it hears of everything through its stream.
  void submit(Job job) {
    lock.lock();
    try {
      if (!isClosed) {
        incoming.add(job);
        changed.signal();
        return;
      }
    } finally {
      lock.unlock();
    }
    job.fail(closed(), true);
  }

  /// Wakes the thread, so that it looks at cancellations.
  void wake() {
    lock.lock();
    try {
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void loop() {
    while (takeIncoming()) {
      dropCancelled();
      if (!active.isEmpty()) {
        step();
      }
    }
    active.forEach(job -> job.fail(closed(), true));
    active.clear();
  }

  private boolean takeIncoming() {
    lock.lock();
    try {
      while (!isClosed && incoming.isEmpty() && active.isEmpty()) {
        changed.awaitUninterruptibly();
      }
      active.addAll(incoming);
      incoming.clear();
      return !isClosed;
    } finally {
      lock.unlock();
    }
  }

  private void dropCancelled() {
    for (Job job : List.copyOf(active)) {
      if (job.isCancelled()) {
        active.remove(job);
        job.fail(new CancelledException("cancelled at the caller's request"), true);
      }
    }
  }

  private void step() {
    List<Scheduler.Grant> grants = scheduler.next(active.stream().map(Job::pending).toList());
    List<Job> jobs = grants.stream().map(g -> job(g.jobId())).toList();
    try {
      run(grants, jobs);
    } catch (VlmException e) {
      failAll(jobs, e);
    } catch (OutOfMemoryError e) {
      failAll(
          jobs,
          new ResourceExhaustedException(
              "out of memory while running %d positions: lower the context or close sessions"
                  .formatted(grants.stream().mapToInt(Scheduler.Grant::positionCount).sum()),
              e));
    } catch (RuntimeException e) {
      LOG.error("a run failed", e);
      failAll(jobs, new BackendException("run of a batch failed: " + e, e));
    }
  }

  private void run(List<Scheduler.Grant> grants, List<Job> jobs) {
    List<TextRunner.Slice> slices = new ArrayList<>(grants.size());
    for (int i = 0; i < grants.size(); i++) {
      slices.add(jobs.get(i).slice(grants.get(i).positionCount()));
    }
    var answers = new Answer[jobs.size()];
    runner.run(
        slices,
        (i, logits, offset) -> {
          jobs.get(i).advance(grants.get(i).positionCount());
          answers[i] = jobs.get(i).accept(logits, offset);
        });
    for (int i = 0; i < jobs.size(); i++) {
      if (!slices.get(i).wantsLogits()) {
        jobs.get(i).advance(grants.get(i).positionCount());
      }
      if (answers[i] != null) {
        active.remove(jobs.get(i));
        jobs.get(i).succeed(answers[i]);
      }
    }
  }

  private Job job(long id) {
    return active.stream().filter(j -> j.id() == id).findFirst().orElseThrow();
  }

  private void failAll(List<Job> jobs, VlmException cause) {
    active.removeAll(jobs);
    jobs.forEach(job -> job.fail(cause, false));
  }

  private static CancelledException closed() {
    return new CancelledException("the model was closed while the request ran");
  }

  /// Fails what still runs and waits for the thread to end.
  @Override
  public void close() {
    lock.lock();
    try {
      isClosed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    boolean isInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
