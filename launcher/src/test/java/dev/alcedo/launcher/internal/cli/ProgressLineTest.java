// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.launcher.internal.message.StreamEvent.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong(123);
  private final ProgressLine line =
      new ProgressLine(new PrintStream(err, true, StandardCharsets.UTF_8), nanos::get);

  @Test
  void shortWorkDrawsNothing() {
    line.start(true);
    nanos.addAndGet(499_000_000);
    line.report(new Progress("image", 1, 7));
    line.stop();
    assertEquals("", drawn());
  }

  @Test
  void longWorkIsDrawnOverItselfAndErased() {
    line.start(true);
    nanos.addAndGet(500_000_000);
    line.report(new Progress("image", 1, 7));
    line.report(new Progress("image", 2, 7));
    nanos.addAndGet(60_000_000);
    line.report(new Progress("prefill", 128, 300));
    line.stop();
    assertEquals(
        "\rlooking at the picture: tile 2 of 7\u001b[K"
            + "\rreading the prompt: 128 of 300 tokens\u001b[K"
            + "\r\u001b[K",
        drawn());
  }

  @Test
  void unwantedLinesAreNotDrawn() {
    line.start(false);
    nanos.addAndGet(5_000_000_000L);
    line.report(new Progress("load", 1, 2));
    assertEquals("", drawn());
  }

  @Test
  void loadingIsAShareOfTheBytes() {
    assertEquals(
        "quantising: [##########....................] 34 %",
        ProgressLine.text(new Progress("quantize", 34, 100)));
    assertEquals(
        "chunk 3 of 40, perplexity 12.5000 so far",
        ProgressLine.text(new Progress("perplexity", 3, 40, 12.5)));
    assertEquals("loading the model: 33 %", ProgressLine.text(new Progress("load", 1, 3)));
  }

  private String drawn() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
