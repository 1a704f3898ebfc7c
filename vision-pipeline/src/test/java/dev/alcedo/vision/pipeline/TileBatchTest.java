// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.EncodingOptions.Lever;
import dev.alcedo.runtime.api.EncodingOptions.Residence;
import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.TraceEvent;
import dev.alcedo.runtime.api.spi.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The best tile batch of a device is measured once, remembered in the folder for that, and changes
/// no answer.
class TileBatchTest {
  @TempDir Path cache;

  private final Queue<TraceEvent> events = new ConcurrentLinkedQueue<>();

  /// Runs of the tower's blocks while a model is loaded and `action` is done.
  private List<TraceEvent> blocks() {
    List<TraceEvent> blocks =
        events.stream().filter(e -> e.name().equals("vision.blocks")).toList();
    events.clear();
    return blocks;
  }

  private Alcedo alcedo() {
    // Each run takes 40 ms whatever it does, so that six at a time are quickest.
    var npu = Levers.device("npu", Duration.ofMillis(40), Duration.ZERO);
    AlcedoOptions options =
        AlcedoOptions.DEFAULTS.withTrace(events::add).withCacheFolder(cache.resolve("alcedo"));
    return Alcedo.open(options, List.of(npu));
  }

  private static Levers levers(int tileBatch) {
    return new Levers("chunked", Lever.OFF, Residence.KEEP, tileBatch, true);
  }

  @Test
  void itIsMeasuredOnceAndRemembered() throws IOException {
    List<Token> measured;
    try (Alcedo alcedo = alcedo();
        Model model =
            alcedo.load(levers(ImageOptions.TILE_BATCH_MEASURED).options(), Progress.NONE)) {
      assertTrue(blocks().size() >= 8, "four batches, twice each");
      measured = Levers.ask(model, Levers.picture(1));
      assertEquals(List.of(6L, 1L), blocks().stream().map(TraceEvent::count).toList());
    }
    List<String> lines = Files.readAllLines(cache.resolve("alcedo").resolve("measured.txt"));
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(
        lines.getFirst().startsWith("tile batch of 64 patches, width 128, "), lines::toString);
    assertTrue(lines.getFirst().endsWith(" = 6"), lines::toString);
    try (Alcedo alcedo = alcedo();
        Model model =
            alcedo.load(levers(ImageOptions.TILE_BATCH_MEASURED).options(), Progress.NONE)) {
      assertEquals(List.of(), blocks(), "known: nothing runs");
      assertEquals(measured, Levers.ask(model, Levers.picture(1)));
      assertEquals(List.of(6L, 1L), blocks().stream().map(TraceEvent::count).toList());
    }
    try (Alcedo alcedo = alcedo();
        Model model = alcedo.load(levers(1).options(), Progress.NONE)) {
      assertEquals(measured, Levers.ask(model, Levers.picture(1)));
    }
  }

  @Test
  void inspectingMeasuresNothing() {
    try (Alcedo alcedo = alcedo()) {
      alcedo.inspect(levers(ImageOptions.TILE_BATCH_MEASURED).options());
      assertEquals(List.of(), blocks());
      assertTrue(Files.notExists(cache.resolve("alcedo")));
    }
  }
}
