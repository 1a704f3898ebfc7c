// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Tells those who wait for an engine when it is lost: messages to and from a process that died are
/// lost silently. Any thread.
public final class Lifeline {
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private volatile boolean isCut;

  /// The engine is lost: tells all who wait for it, and whoever comes later.
  public void cut() {
    isCut = true;
    watches.forEach(watch -> watch.onCut.run());
  }

  /// Runs `onCut` when the engine is lost, at once if it is; perhaps twice.
  Watch watch(Runnable onCut) {
    var watch = new Watch(onCut);
    watches.add(watch);
    if (isCut) {
      onCut.run();
    }
    return watch;
  }

  /// Somebody who waits until this is closed.
  final class Watch implements AutoCloseable {
    private final Runnable onCut;

    private Watch(Runnable onCut) {
      this.onCut = onCut;
    }

    @Override
    public void close() {
      watches.remove(this);
    }
  }
}
