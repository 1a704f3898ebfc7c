// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.message.StreamEvent;
import java.io.PrintStream;
import java.util.function.LongSupplier;

/// One line on a terminal that says how far long work is, drawn over itself, and erased when there
/// is something better to say. Short work draws nothing. Any thread.
final class ProgressLine {
  /// Work shorter than this needs no line.
  private static final long PATIENCE_NANOS = 500_000_000;

  /// Redrawing more often only costs time.
  private static final long REDRAW_NANOS = 50_000_000;

  private static final int BAR_LENGTH = 30;

  private final PrintStream err;
  private final LongSupplier clock;
  private boolean isOn;
  private boolean isDrawn;
  private long startNanos;
  private long drawnNanos;

  /// A line on `err`; `clock` gives nanoseconds.
  ProgressLine(PrintStream err, LongSupplier clock) {
    this.err = err;
    this.clock = clock;
  }

  /// Starts the clock of a piece of work.
  synchronized void start(boolean isWanted) {
    erase();
    isOn = isWanted;
    startNanos = clock.getAsLong();
    drawnNanos = startNanos - REDRAW_NANOS;
  }

  /// Takes note of how far the work is.
  synchronized void report(StreamEvent.Progress event) {
    long now = clock.getAsLong();
    if (isOn && now - startNanos >= PATIENCE_NANOS && now - drawnNanos >= REDRAW_NANOS) {
      drawnNanos = now;
      isDrawn = true;
      err.print("\r" + text(event) + "\u001b[K");
      err.flush();
    }
  }

  /// Takes the line away, if there is one.
  synchronized void erase() {
    if (isDrawn) {
      isDrawn = false;
      err.print("\r\u001b[K");
      err.flush();
    }
  }

  /// No more lines until the next [#start(boolean)].
  synchronized void stop() {
    erase();
    isOn = false;
  }

  private static String bar(long done, long total) {
    int filled = total > 0 ? Math.clamp(done * BAR_LENGTH / total, 0, BAR_LENGTH) : 0;
    return "[%s%s] %d %%"
        .formatted(
            "#".repeat(filled),
            ".".repeat(BAR_LENGTH - filled),
            total > 0 ? done * 100 / total : 0);
  }

  static String text(StreamEvent.Progress event) {
    long done = event.done();
    long total = event.total();
    return switch (event.step()) {
      case "load" -> "loading the model: %d %%".formatted(total > 0 ? done * 100 / total : 0);
      case "write" -> "writing the file: %d %%".formatted(total > 0 ? done * 100 / total : 0);
      case "image" ->
          "looking at the picture: tile %d of %d".formatted(Math.min(done + 1, total), total);
      case "quantize" -> "quantising: " + bar(done, total);
      case "perplexity" ->
          "chunk %d of %d, perplexity %.4f so far"
              .formatted(done, total, event.estimate() == null ? Double.NaN : event.estimate());
      case "prefill" -> "reading the prompt: %d of %d tokens".formatted(done, total);
      default -> "%s: %d of %d".formatted(Printable.line(event.step()), done, total);
    };
  }
}
