// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.EncodingOptions.Lever;
import dev.alcedo.runtime.api.EncodingOptions.Residence;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.spi.Tracer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Flight Recorder keeps what the engine did, and nothing of what it was asked.
class FlightRecordingTest {
  private static final String SPAN = "dev.alcedo.Span";

  @TempDir Path folder;

  @Test
  void spansAreRecordedWithoutPromptsAndAnswers() throws IOException {
    Path file = folder.resolve("a.jfr");
    var npu = Levers.device("npu", Duration.ofMillis(5), Duration.ZERO);
    var levers = new Levers("pipelined", Lever.ON, Residence.RELEASE, 2, true);
    List<Token> answer;
    try (var recording = new Recording()) {
      recording.enable(SPAN);
      recording.start();
      try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS, List.of(npu));
          Model model = alcedo.load(levers.options(), Progress.NONE)) {
        answer = Levers.ask(model, Levers.picture(1));
      }
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> spans =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals(SPAN))
            .toList();
    assertKinds(spans);
    assertTrue(spans.stream().noneMatch(s -> s.getDuration().isNegative()));
    assertStages(spans);
    assertNothingOf(file, "How many shapes");
    assertNothingOf(file, "alcedo-tiny");
    String text = answer.stream().map(Token::text).collect(Collectors.joining());
    assertFalse(text.isBlank());
    assertTrue(spans.stream().noneMatch(s -> s.getString("work").contains(text)), text);
  }

  private static void assertKinds(List<RecordedEvent> spans) {
    Set<String> kinds = spans.stream().map(s -> s.getString("kind")).collect(Collectors.toSet());
    Set<String> expected = new HashSet<>();
    for (Tracer.Kind kind : Tracer.Kind.values()) {
      expected.add(kind.name());
    }
    assertEquals(expected, kinds);
  }

  /// Seven tiles in twos are four runs of the blocks, on the device that was named.
  private static void assertStages(List<RecordedEvent> spans) {
    List<RecordedEvent> blocks =
        spans.stream().filter(s -> s.getString("work").equals("vision.blocks")).toList();
    assertEquals(4, blocks.size());
    assertEquals(7, blocks.stream().mapToLong(s -> s.getLong("count")).sum());
    assertTrue(blocks.stream().allMatch(s -> s.getString("backend").equals("npu")));
    assertTrue(blocks.stream().allMatch(s -> s.getDuration().compareTo(Duration.ofMillis(5)) >= 0));
  }

  private static void assertNothingOf(Path file, String text) throws IOException {
    // Recordings keep texts as Latin-1 or UTF-8, these are the same in both.
    String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    assertTrue(content.contains("vision.blocks"), "the recording's texts can be searched");
    assertFalse(content.contains(text), text);
  }
}
