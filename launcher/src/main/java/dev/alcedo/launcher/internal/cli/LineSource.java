// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import java.util.Optional;

/// Where a conversation's lines come from.
interface LineSource extends AutoCloseable {
  /// The next line; empty when there are no more.
  Optional<String> next();

  /// Whether a person sits there.
  boolean isInteractive();

  @Override
  void close();

  /// Line editing on a terminal that can do it, plain reading elsewhere.
  static LineSource open(CommandContext context) {
    boolean isTerminal =
        context.environment().isInputTerminal() && context.environment().isOutputTerminal();
    boolean isDumb = context.environment().variable("TERM").orElse("dumb").equals("dumb");
    return isTerminal && !isDumb
        ? TerminalLines.open(context)
        : new PlainLines(context.console(), context.environment().isInputTerminal());
  }
}
