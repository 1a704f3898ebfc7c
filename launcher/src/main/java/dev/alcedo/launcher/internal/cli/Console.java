// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.config.Environment;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// The standard streams, in UTF-8 whatever the locale: answers and results to `out`, all else to
/// `err`. Any thread.
final class Console {
  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final boolean isOutputTerminal;
  private final ProgressLine progress;
  private boolean isStopped;

  Console(InputStream in, PrintStream out, PrintStream err, boolean isOutputTerminal) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.isOutputTerminal = isOutputTerminal;
    this.progress = new ProgressLine(err, System::nanoTime);
  }

  /// This process's streams.
  static Console ofProcess(Environment environment) {
    return new Console(
        System.in,
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
        System.err,
        environment.isOutputTerminal());
  }

  InputStream in() {
    return in;
  }

  /// Where help texts go.
  java.io.PrintWriter helpWriter() {
    return new java.io.PrintWriter(out, true);
  }

  ProgressLine progress() {
    return progress;
  }

  /// Prints a piece of an answer at once.
  ///
  /// @throws OutputClosedException if nobody reads any more
  synchronized void print(String text) {
    if (isStopped) {
      return;
    }
    progress.erase();
    out.print(isOutputTerminal ? Printable.text(text) : text);
    if (out.checkError()) {
      throw new OutputClosedException();
    }
  }

  /// Prints a result as it is; on a terminal, what comes next begins on a line of its own.
  ///
  /// @throws OutputClosedException if nobody reads any more
  void printWhole(String text) {
    print(isOutputTerminal && !text.endsWith("\n") ? text + "\n" : text);
  }

  /// Prints a line of a result.
  ///
  /// @throws OutputClosedException if nobody reads any more
  void println(String line) {
    print(line + "\n");
  }

  /// Says something that is not a result.
  synchronized void say(String line) {
    if (!isStopped) {
      progress.erase();
      err.print(line + "\n");
      err.flush();
    }
  }

  /// Says what went wrong, in one line.
  void error(String message) {
    say("alcedo: " + Printable.line(message));
  }

  /// Says nothing more; the process is ending.
  synchronized void stop() {
    progress.erase();
    isStopped = true;
  }
}
