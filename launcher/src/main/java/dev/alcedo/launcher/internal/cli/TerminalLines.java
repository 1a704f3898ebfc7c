// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/// Lines with editing and history, from a terminal. Ctrl-C stops an answer; at the prompt it
/// empties the line, and twice in a row it leaves. The history is forgotten at the end.
final class TerminalLines implements LineSource {
  private final Console console;
  private final Terminal terminal;
  private final LineReader reader;

  private TerminalLines(Console console, Terminal terminal) {
    this.console = console;
    this.terminal = terminal;
    this.reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
  }

  static LineSource open(CommandContext context) {
    try {
      Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build();
      terminal.handle(Terminal.Signal.INT, _ -> context.interrupts().interrupt());
      return new TerminalLines(context.console(), terminal);
    } catch (IOException e) {
      context.console().say("no line editing: " + e.getMessage());
      return new PlainLines(context.console(), true);
    }
  }

  @Override
  public Optional<String> next() {
    boolean isWarned = false;
    while (true) {
      try {
        return Optional.of(reader.readLine("> "));
      } catch (EndOfFileException _) {
        return Optional.empty();
      } catch (UserInterruptException e) {
        boolean isEmptied = !e.getPartialLine().isEmpty();
        if (isWarned && !isEmptied) {
          return Optional.empty();
        }
        isWarned = !isEmptied;
        if (isWarned) {
          console.say("Ctrl-C again or /exit leaves.");
        }
      }
    }
  }

  @Override
  public boolean isInteractive() {
    return true;
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the terminal does not close", e);
    }
  }
}
