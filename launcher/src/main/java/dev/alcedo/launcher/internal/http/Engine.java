// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.runtime.api.ModelInfo;

/// An engine with its model and sessions: the one of this process, or a worker of a cluster.
final class Engine {
  private final EngineClient client;
  private final EngineSeats seats;
  private final SessionPool sessions;
  private int runningCount; // guarded by the gate
  private long takenCount; // guarded by the gate

  Engine(EngineClient client, EngineSeats seats) {
    this.client = client;
    this.seats = seats;
    this.sessions = new SessionPool(client, seats.model().model(), seats.slotCount());
  }

  EngineClient client() {
    return client;
  }

  /// The handle of its model.
  String model() {
    return seats.model().model();
  }

  ModelInfo info() {
    return seats.model().info();
  }

  /// What requests call its model.
  String name() {
    return seats.name();
  }

  int slotCount() {
    return seats.slotCount();
  }

  /// Whether it is another process.
  boolean isRemote() {
    return seats.isRemote();
  }

  SessionPool sessions() {
    return sessions;
  }

  int runningCount() {
    return runningCount;
  }

  boolean hasFreeSlot() {
    return runningCount < slotCount();
  }

  /// Share of its slots that are taken, and how often it was chosen: less is better.
  static int compareLoad(Engine a, Engine b) {
    int byShare =
        Long.compare((long) a.runningCount * b.slotCount(), (long) b.runningCount * a.slotCount());
    return byShare != 0 ? byShare : Long.compare(a.takenCount, b.takenCount);
  }

  void take() {
    runningCount++;
    takenCount++;
  }

  void release() {
    runningCount--;
  }
}
