// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The engines, how many requests are taken in, and how many of them run: as many as the engines
/// have slots, and so many that wait for one. Any thread.
final class Gate {
  private final int queueLength;
  private final Slots slots = new Slots();
  private final List<Engine> engines = new ArrayList<>();
  private final Set<Call> waiting = new LinkedHashSet<>();
  private int insideCount;

  Gate(int queueLength) {
    this.queueLength = queueLength;
  }

  private static final class Slots extends Semaphore {
    private static final long serialVersionUID = 1L;

    Slots() {
      super(0, true);
    }

    void remove(int count) {
      reducePermits(count);
    }
  }

  /// Requests can run at this engine from here on.
  synchronized void add(Engine engine) {
    engines.add(engine);
    slots.release(engine.slotCount());
  }

  /// No more requests begin at this engine. Those that wait for any are told if it was the last.
  synchronized void remove(Engine engine) {
    if (engines.remove(engine)) {
      slots.remove(engine.slotCount() - engine.runningCount());
      if (engines.isEmpty()) {
        waiting.forEach(call -> call.stop(noEngine()));
      }
    }
  }

  private static HttpFailure noEngine() {
    return HttpFailure.busy(503, "no_engine", "no worker is there; try again later");
  }

  /// The engine that has least to do.
  ///
  /// @throws HttpFailure if there is none
  synchronized Engine any() {
    return engines.stream().min(Engine::compareLoad).orElseThrow(Gate::noEngine);
  }

  /// All engines.
  synchronized List<Engine> engines() {
    return List.copyOf(engines);
  }

  /// Takes a request in.
  ///
  /// @throws HttpFailure if too many wait already
  synchronized void enter() {
    int most = slotCount() + queueLength;
    if (insideCount >= most) {
      throw HttpFailure.busy(
          429, "queue_full", "the queue is full: %d requests run or wait".formatted(insideCount));
    }
    insideCount++;
  }

  /// A request has ended.
  synchronized void leave() {
    insideCount--;
  }

  /// Waits for a slot of an engine; the caller gives it back with [#end(Engine)].
  ///
  /// @param prompt as [SessionPool] knows it: an engine that has most of it is best
  /// @throws HttpFailure if that takes too long, or there is no engine
  Engine begin(Call call, String prompt) {
    while (true) {
      take(call);
      Engine engine = choose(prompt);
      if (engine != null) {
        return engine;
      }
      slots.release(); // the engine that it belonged to has gone meanwhile
    }
  }

  private void take(Call call) {
    startWaiting(call);
    try {
      if (!slots.tryAcquire(call.remainingNanos(), TimeUnit.NANOSECONDS)) {
        throw call.late();
      }
    } catch (InterruptedException e) {
      throw call.stopped();
    } finally {
      stopWaiting(call);
    }
  }

  private synchronized void startWaiting(Call call) {
    if (engines.isEmpty()) {
      throw noEngine();
    }
    waiting.add(call);
  }

  private synchronized void stopWaiting(Call call) {
    waiting.remove(call);
  }

  private synchronized @Nullable Engine choose(String prompt) {
    List<Engine> free = engines.stream().filter(Engine::hasFreeSlot).toList();
    Engine chosen =
        free.size() < 2
            ? free.stream().findFirst().orElse(null)
            : free.stream()
                .filter(engine -> engine.sessions().hasBegun(prompt))
                .max(Comparator.comparingInt(engine -> engine.sessions().prefixLength(prompt)))
                .orElseGet(() -> free.stream().min(Engine::compareLoad).orElseThrow());
    if (chosen != null) {
      chosen.take();
    }
    return chosen;
  }

  /// Gives a slot back.
  synchronized void end(Engine engine) {
    engine.release();
    if (engines.contains(engine)) {
      slots.release();
    }
  }

  /// Requests that were taken in and have not ended.
  synchronized int insideCount() {
    return insideCount;
  }

  /// Requests that can run at a time.
  synchronized int slotCount() {
    return engines.stream().mapToInt(Engine::slotCount).sum();
  }

  /// Requests that run, at engines that are there.
  synchronized int runningCount() {
    return engines.stream().mapToInt(Engine::runningCount).sum();
  }
}
