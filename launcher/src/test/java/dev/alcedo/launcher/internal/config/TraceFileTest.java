// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.TraceEvent;
import dev.alcedo.runtime.api.spi.Tracer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceFileTest {
  @TempDir Path folder;

  private static TraceEvent event(String name, long thread, String threadName) {
    long now = System.nanoTime();
    return new TraceEvent(
        Tracer.Kind.STAGE, name, "cpu", 4, thread, threadName, now, now + 1_500_000);
  }

  @Test
  void everySpanOfEveryThreadIsThere() throws IOException, InterruptedException {
    Path path = folder.resolve("trace.json");
    TraceFile file = TraceFile.create(path);
    var threads = new ArrayList<Thread>();
    for (int t = 0; t < 4; t++) {
      int number = t;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 500; i++) {
                  file.done(event("vision.blocks", number, "alcedo-encode-secret \"model\""));
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    file.close();
    file.close();
    file.done(event("late", 9, "late"));
    JsonNode root = new ObjectMapper().readTree(path.toFile());
    List<JsonNode> spans = new ArrayList<>();
    Set<Long> named = new HashSet<>();
    for (JsonNode node : root.get("traceEvents")) {
      if (node.get("ph").asText().equals("M")) {
        assertTrue(named.add(node.get("tid").asLong()), "named once");
        assertEquals("alcedo-encode", node.get("args").get("name").asText());
      } else {
        spans.add(node);
      }
    }
    assertEquals(Set.of(0L, 1L, 2L, 3L), named);
    assertEquals(2000, spans.size());
    for (JsonNode span : spans) {
      assertEquals("X", span.get("ph").asText());
      assertEquals("stage", span.get("cat").asText());
      assertEquals(1500, span.get("dur").asDouble(), 1e-9);
      assertTrue(span.get("ts").asDouble() >= 0);
      assertEquals("cpu", span.get("args").get("backend").asText());
      assertEquals(4, span.get("args").get("count").asInt());
    }
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() {
    Path path = folder.resolve("no").resolve("such").resolve("folder.json");
    String message =
        assertThrows(InvalidRequestException.class, () -> TraceFile.create(path)).getMessage();
    assertTrue(message.startsWith("--trace: '" + path), message);
  }
}
