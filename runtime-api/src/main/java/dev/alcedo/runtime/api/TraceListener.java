// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

/// Hears of everything that the engine does. Called by any of its threads, several at a time; must
/// return quickly and not throw. The engine closes it when it is closed itself.
@FunctionalInterface
public interface TraceListener extends AutoCloseable {
  /// Nobody listens.
  TraceListener NONE = event -> {};

  /// Something was done.
  void done(TraceEvent event);

  /// Nothing more will come.
  @Override
  default void close() {}
}
