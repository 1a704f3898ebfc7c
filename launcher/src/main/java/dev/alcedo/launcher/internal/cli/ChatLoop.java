// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.BusException;
import dev.alcedo.launcher.internal.bus.FailureKind;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.spi.ImageReport;
import java.nio.file.Path;
import java.util.Optional;

/// A conversation at the prompt: questions, and commands that begin with a slash.
final class ChatLoop {
  private static final String HELP =
      """
      /image FILE   show a picture, which the next question is about
      /clear        forget the conversation and its pictures
      /stats        what the last answer took
      /help         this list
      /exit         leave (also Ctrl-D)
      Ctrl-C stops an answer.\
      """;

  private final Conversation conversation;
  private final CommandContext context;
  private final boolean isStats;

  ChatLoop(Conversation conversation, CommandContext context, boolean isStats) {
    this.conversation = conversation;
    this.context = context;
    this.isStats = isStats;
  }

  /// Talks until the person leaves. Without a terminal, every line of the input is a question, and
  /// the first one that fails ends the loop.
  ExitStatus run() {
    try (LineSource lines = LineSource.open(context)) {
      if (lines.isInteractive()) {
        context.console().say("Ask away. /help shows the commands.");
      }
      for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
        if (!take(line.get().strip(), lines.isInteractive())) {
          break;
        }
      }
    }
    return ExitStatus.OK;
  }

  // False when it is time to leave.
  private boolean take(String line, boolean isInteractive) {
    try {
      return line.startsWith("/") ? command(line) : ask(line);
    } catch (BusException e) {
      boolean isStopped = e.kind() == FailureKind.CANCELLED;
      if (!isInteractive && !isStopped) {
        throw e;
      }
      report(isStopped ? "stopped" : String.valueOf(e.getMessage()));
    } catch (VlmException e) {
      if (!isInteractive) {
        throw e;
      }
      report(String.valueOf(e.getMessage()));
    }
    return true;
  }

  private void report(String message) {
    context.console().say("");
    context.console().error(message);
  }

  private boolean ask(String question) {
    if (!question.isEmpty()) {
      conversation.ask(question, context.console()::print);
      context.console().println("");
      if (isStats) {
        statistics();
      }
    }
    return true;
  }

  private boolean command(String line) {
    int space = line.indexOf(' ');
    String name = space < 0 ? line : line.substring(0, space);
    String argument = space < 0 ? "" : line.substring(space + 1).strip();
    switch (name) {
      case "/image" -> show(argument);
      case "/clear" -> conversation.clear();
      case "/stats" -> statistics();
      case "/help" -> context.console().say(HELP);
      case "/exit", "/quit" -> {
        return false;
      }
      default -> context.console().error("no command '%s'; /help shows them".formatted(name));
    }
    return true;
  }

  private void show(String file) {
    if (file.isEmpty()) {
      context.console().error("/image: expected a file, got nothing");
      return;
    }
    ImageReport report = conversation.show(PictureFile.read(Path.of(file)));
    context
        .console()
        .say(
            "%dx%d pixels, %d tiles, %d tokens"
                .formatted(
                    report.width(), report.height(), report.tileCount(), report.tokenCount()));
  }

  private void statistics() {
    conversation.statistics().forEach(context.console()::say);
  }
}
