// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.launcher.internal.config.Environment;
import dev.alcedo.runtime.api.AlcedoOptions;

/// What commands have in common.
///
/// @param console the standard streams
/// @param environment what the process was given
/// @param interrupts Ctrl-C
/// @param engines starts an engine
record CommandContext(
    Console console, Environment environment, Interrupts interrupts, Engines engines) {
  /// Starts an engine, which the command closes.
  @FunctionalInterface
  interface Engines {
    /// An engine with these options.
    LocalEngine start(AlcedoOptions options);
  }
}
