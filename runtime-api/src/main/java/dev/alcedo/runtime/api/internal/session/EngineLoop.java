// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.internal.plan.Waiting;
import dev.alcedo.runtime.api.spi.Scheduler;
import dev.alcedo.runtime.api.spi.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that runs a model: asks the scheduler what is next, runs it as a batch, hands out
/// tokens, and notices cancellations between runs.
final class EngineLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);

  private final TextRunner runner;
  private final Scheduler scheduler;
  private final Tracer tracer;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Job> incoming = new ArrayList<>();
  private final List<Job> active = new ArrayList<>();
  private final List<FutureTask<?>> errands = new ArrayList<>();
  private Tracer.@Nullable Span starving;
  private boolean isWoken;
  private boolean isClosed;

  /// `positionCount` positions of a job, to run now.
  private record Turn(Job job, int positionCount) {}

  EngineLoop(TextRunner runner, Scheduler scheduler, Tracer tracer, String name) {
    this.runner = runner;
    this.scheduler = scheduler;
    this.tracer = tracer;
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

  /// Runs `errand` on this thread, between two batches, and waits for it.
  ///
  /// @throws CancelledException if the loop is closed
  /// @throws RuntimeException what `errand` threw
  void run(Runnable errand) {
    var task = new FutureTask<@Nullable Void>(errand, null);
    lock.lock();
    try {
      if (isClosed) {
        throw closed();
      }
      errands.add(task);
      changed.signal();
    } finally {
      lock.unlock();
    }
    Waiting.forResult(task);
  }

  /// Wakes the thread, so that it looks at cancellations and at image tokens that have arrived.
  void wake() {
    lock.lock();
    try {
      isWoken = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Whether the caller is this thread, i.e. a listener.
  boolean isCaller() {
    return Thread.currentThread() == thread;
  }

  private void loop() {
    boolean isStarved = true; // nothing can run: there is nothing, or it waits for pictures
    while (takeIncoming(isStarved)) {
      takeErrands().forEach(FutureTask::run);
      dropCancelled();
      List<Scheduler.Pending> pending = pending();
      isStarved = pending.isEmpty();
      noteStarving(isStarved && !active.isEmpty());
      if (!isStarved) {
        step(pending);
      }
    }
    active.forEach(job -> job.fail(closed(), true));
    active.clear();
    takeErrands().forEach(task -> task.cancel(false));
  }

  /// Waiting for image tokens while there are jobs is a span of its own, over all wake-ups.
  private void noteStarving(boolean isStarving) {
    if (isStarving && starving == null) {
      starving = tracer.begin(Tracer.Kind.WAIT, "image tokens", active.size());
    } else if (!isStarving && starving != null) {
      starving.close();
      starving = null;
    }
  }

  private List<FutureTask<?>> takeErrands() {
    lock.lock();
    try {
      List<FutureTask<?>> taken = List.copyOf(errands);
      errands.clear();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private boolean takeIncoming(boolean isStarved) {
    lock.lock();
    try {
      while (isStarved && !isClosed && !isWoken && incoming.isEmpty() && errands.isEmpty()) {
        changed.awaitUninterruptibly();
      }
      isWoken = false; // before anything is looked at: what arrives later wakes again
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
        job.failCancelled();
      }
    }
  }

  /// What can run now; jobs whose pictures failed end.
  private List<Scheduler.Pending> pending() {
    List<Scheduler.Pending> pending = new ArrayList<>(active.size());
    for (Job job : List.copyOf(active)) {
      try {
        job.pending(runner.chunkLength()).ifPresent(pending::add);
      } catch (VlmException e) {
        failAll(List.of(job), e, true);
      }
    }
    return pending;
  }

  private void step(List<Scheduler.Pending> pending) {
    List<Turn> turns;
    try {
      turns = turns(pending);
    } catch (Throwable e) { // see below
      LOG.error("the scheduler failed", e);
      failAll(List.copyOf(active), new BackendException("the scheduler failed: " + e, e), true);
      return;
    }
    List<Job> jobs = turns.stream().map(Turn::job).toList();
    try (Tracer.Span _ = tracer.begin(Tracer.Kind.CHUNK, name(pending), positions(turns))) {
      run(reserved(turns));
    } catch (VlmException e) {
      failAll(jobs, e, false);
    } catch (OutOfMemoryError e) {
      failAll(
          jobs,
          ResourceExhaustedException.ofMemory(
              "out of memory while running %d positions: lower the context or close sessions"
                  .formatted(positions(turns)),
              e),
          false);
    } catch (Throwable e) {
      // Whatever a plugin throws: without this thread every other request would wait for ever.
      LOG.error("a run failed", e);
      failAll(jobs, new BackendException("run of a batch failed: " + e, e), false);
    }
  }

  private static int positions(List<Turn> turns) {
    return turns.stream().mapToInt(Turn::positionCount).sum();
  }

  private static String name(List<Scheduler.Pending> pending) {
    boolean isPrefill = pending.stream().anyMatch(p -> p.kind() == Scheduler.Kind.PREFILL);
    return isPrefill ? "prefill" : "decode";
  }

  /// What the scheduler lets run now.
  private List<Turn> turns(List<Scheduler.Pending> pending) {
    List<Scheduler.Grant> grants = scheduler.next(pending);
    GrantRules.check(pending, grants, runner.chunkLength());
    return grants.stream().map(g -> new Turn(job(g.jobId()), g.positionCount())).toList();
  }

  /// The turns whose sessions have room. The others fail alone: the batch does not suffer from one
  /// session's memory.
  private List<Turn> reserved(List<Turn> turns) {
    List<Turn> reserved = new ArrayList<>(turns.size());
    for (Turn turn : turns) {
      try {
        turn.job().reserve(turn.positionCount());
        reserved.add(turn);
      } catch (ResourceExhaustedException e) {
        failAll(List.of(turn.job()), e, true);
      }
    }
    return reserved;
  }

  private void run(List<Turn> turns) {
    if (turns.isEmpty()) {
      return;
    }
    List<TextRunner.Slice> slices =
        turns.stream().map(t -> t.job().slice(t.positionCount())).toList();
    var answers = new Answer[turns.size()];
    var refused = new InvalidRequestException[turns.size()];
    runner.run(
        slices,
        (i, logits, offset) -> {
          turns.get(i).job().advance(turns.get(i).positionCount());
          try {
            answers[i] = turns.get(i).job().accept(logits, offset);
          } catch (InvalidRequestException e) {
            refused[i] = e; // a grammar that cannot be followed: the others do not suffer
          }
        });
    for (int i = 0; i < turns.size(); i++) {
      Job job = turns.get(i).job();
      if (!slices.get(i).wantsLogits()) {
        job.advance(turns.get(i).positionCount());
      }
      if (refused[i] != null) {
        failAll(List.of(job), refused[i], true);
      } else if (answers[i] != null) {
        active.remove(job);
        job.succeed(answers[i]);
      }
    }
  }

  private Job job(long id) {
    return active.stream().filter(j -> j.id() == id).findFirst().orElseThrow();
  }

  private void failAll(List<Job> jobs, VlmException cause, boolean isCacheValid) {
    for (Job job : jobs) {
      if (active.remove(job)) {
        job.fail(cause, isCacheValid);
      }
    }
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
