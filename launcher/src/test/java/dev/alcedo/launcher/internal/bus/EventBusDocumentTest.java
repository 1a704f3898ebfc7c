// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `docs/event-bus.md` and the messages say the same.
class EventBusDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "event-bus.md");
  private static final Pattern BLOCK =
      Pattern.compile("<!-- (\\w+) -->\n```json\n(.*?)```", Pattern.DOTALL);

  record Example(String message, String json) {}

  static Stream<Example> examples() throws Exception {
    return BLOCK
        .matcher(Files.readString(DOCUMENT))
        .results()
        .map(m -> new Example(m.group(1), m.group(2)));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsReadAndWrittenAsItStands(Example example) throws Exception {
    Class<?> type = Class.forName("dev.alcedo.launcher.internal.message." + example.message());
    var json = new JsonObject(example.json());
    var message = (Record) Json.read(json, type);
    assertEquals(
        json.encodePrettily(), new JsonObject(Json.write(message).encode()).encodePrettily());
  }

  @Test
  void everyAddressAndEveryMessageIsThere() throws Exception {
    String text = Files.readString(DOCUMENT);
    for (var field : Addresses.class.getFields()) {
      String address = (String) field.get(null);
      assertTrue(text.contains("`" + address + "`"), address);
    }
    assertTrue(examples().count() >= 20, "examples found");
  }

  @Test
  void everyFailureKindIsThere() throws Exception {
    List<String> lines = Files.readAllLines(DOCUMENT);
    for (FailureKind kind : FailureKind.values()) {
      String start = "| %d | `%s` |".formatted(kind.number(), kind.code());
      assertTrue(lines.stream().anyMatch(line -> line.startsWith(start)), start);
    }
  }
}
