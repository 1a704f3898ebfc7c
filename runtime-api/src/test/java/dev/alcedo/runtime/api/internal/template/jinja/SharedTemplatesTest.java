// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.VlmException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Templates of real models and what Jinja2 makes of them.
class SharedTemplatesTest {
  static final LocalDateTime NOW = LocalDateTime.of(2024, 7, 26, 12, 0);

  @TestFactory
  Stream<DynamicTest> renderings_are_those_of_jinja2() {
    List<Path> templates = SharedTemplates.all();
    return templates.stream().flatMap(SharedTemplatesTest::cases);
  }

  private static Stream<DynamicTest> cases(Path file) {
    Jinja template = Jinja.parse(file.getFileName().toString(), SharedTemplates.read(file));
    Path expected =
        file.resolveSibling(file.getFileName().toString().replace(".jinja", ".expected.json"));
    return ((List<?>) TestJson.read(SharedTemplates.read(expected)))
        .stream()
            .map(TestJson::object)
            .map(one ->
                DynamicTest.dynamicTest(
                    file.getFileName() + " " + one.get("case"), () -> check(template, one)));
  }

  private static void check(Jinja template, Map<String, Object> one) {
    Map<String, Object> variables = TestJson.object(one.get("variables"));
    if (one.containsKey("rendered")) {
      assertEquals(one.get("rendered"), template.render(variables, NOW).string());
    } else {
      VlmException e = assertThrows(VlmException.class, () -> template.render(variables, NOW));
      String error = (String) one.get("error");
      if (error.startsWith("TemplateError: ")) {
        assertEquals("invalid_request", e.code());
        String message = error.substring("TemplateError: ".length());
        assertTrue(String.valueOf(e.getMessage()).endsWith(message), e.getMessage());
      } else {
        assertEquals("model_format", e.code(), e.getMessage());
      }
    }
  }
}
