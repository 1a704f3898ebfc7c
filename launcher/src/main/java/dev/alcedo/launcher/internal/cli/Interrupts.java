// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import java.util.concurrent.atomic.AtomicReference;

/// Ctrl-C and `kill`: what runs is cancelled, the screen is left tidy, and the process ends as
/// processes end that were interrupted (status 130).
final class Interrupts {
  private static final Runnable NOTHING = () -> {};

  private final AtomicReference<Runnable> onInterrupt = new AtomicReference<>(NOTHING);
  private final Thread hook;

  Interrupts(Console console) {
    this.hook =
        new Thread(
            () -> {
              console.stop();
              interrupt();
            },
            "alcedo-interrupt");
  }

  /// From here to [#release()] an interrupted process ends tidily.
  void install() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// The process ends by itself.
  void release() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // It is ending already, by a signal: the hook does its work.
    }
  }

  /// What to cancel for as long as the result is open.
  Scope during(Runnable cancel) {
    onInterrupt.set(cancel);
    return () -> onInterrupt.set(NOTHING);
  }

  /// Cancels what runs. Whether there was anything.
  boolean interrupt() {
    Runnable cancel = onInterrupt.getAndSet(NOTHING);
    cancel.run();
    return cancel != NOTHING;
  }

  /// Ends what [#during(Runnable)] began.
  interface Scope extends AutoCloseable {
    @Override
    void close();
  }
}
