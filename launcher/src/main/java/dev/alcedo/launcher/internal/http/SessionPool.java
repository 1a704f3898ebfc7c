// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.bus.EngineClient;
import java.util.ArrayList;
import java.util.List;

/// The engine's sessions, one for each slot. A request gets the idle one that has most of its
/// prompt in its KV cache already: clients send whole conversations each time. Any thread.
final class SessionPool {
  private static final int PREFIX_MIN = 16;

  private final EngineClient client;
  private final String model;
  private final int countMax;
  private final List<Lease> idle = new ArrayList<>(); // the longest unused first
  private int count;

  /// @param countMax never more than that many are out at a time: see [Gate]
  SessionPool(EngineClient client, String model, int countMax) {
    this.client = client;
    this.model = model;
    this.countMax = countMax;
  }

  /// A session and what it was last asked.
  record Lease(String session, String prompt) {}

  /// A session to answer `prompt` with.
  ///
  /// @param prompt anything that begins alike where the prompts do
  Lease borrow(Call call, String prompt) {
    synchronized (this) {
      Lease best = null;
      int bestLength = -1;
      for (Lease lease : idle) {
        int length = commonLength(lease.prompt(), prompt);
        if (length > bestLength) {
          best = lease;
          bestLength = length;
        }
      }
      if (best != null && (bestLength >= PREFIX_MIN || count >= countMax)) {
        idle.remove(best);
        return new Lease(best.session(), prompt);
      }
      count++;
    }
    try {
      return new Lease(call.await(client.openSession(model)).session(), prompt);
    } catch (HttpFailure e) {
      forget();
      throw e;
    }
  }

  /// Whether an idle session has so much of `prompt` that it is worth asking.
  boolean hasBegun(String prompt) {
    return prefixLength(prompt) >= PREFIX_MIN;
  }

  /// Characters of `prompt` that an idle session was asked, at most.
  synchronized int prefixLength(String prompt) {
    return idle.stream().mapToInt(lease -> commonLength(lease.prompt(), prompt)).max().orElse(0);
  }

  /// The session can be used again.
  synchronized void giveBack(Lease lease) {
    idle.add(lease);
  }

  /// The session is in doubt: closes it, which cancels what still runs.
  void discard(Lease lease) {
    client.closeSession(lease.session()).onComplete(_ -> forget());
  }

  private synchronized void forget() {
    count--;
  }

  private static int commonLength(String a, String b) {
    int end = Math.min(a.length(), b.length());
    int i = 0;
    while (i < end && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    return i;
  }
}
