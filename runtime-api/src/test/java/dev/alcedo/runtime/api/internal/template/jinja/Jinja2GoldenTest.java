// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.VlmException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every feature of the language against Jinja2; the README beside the golden file says how it was
/// made.
class Jinja2GoldenTest {
  @TestFactory
  Stream<DynamicTest> features_are_those_of_jinja2() throws IOException {
    Map<String, Object> golden = TestJson.object(TestJson.read(resource("golden.json")));
    Map<String, Object> variables = TestJson.object(golden.get("variables"));
    return ((List<?>) Objects.requireNonNull(golden.get("cases")))
        .stream()
            .map(TestJson::object)
            .map(one ->
                DynamicTest.dynamicTest(
                    String.valueOf(one.get("template")), () -> check(variables, one)));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Jinja2GoldenTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void check(Map<String, Object> variables, Map<String, Object> one) {
    String template = String.valueOf(one.get("template"));
    if (one.containsKey("rendered")) {
      assertEquals(one.get("rendered"), render(template, variables));
      return;
    }
    VlmException e = assertThrows(VlmException.class, () -> render(template, variables));
    boolean isRefusal = String.valueOf(one.get("error")).startsWith("TemplateError: ");
    assertEquals(isRefusal ? "invalid_request" : "model_format", e.code(), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).startsWith("golden, line 1: "), e.getMessage());
  }

  private static String render(String template, Map<String, Object> variables) {
    return Jinja.parse("golden", template).render(variables, SharedTemplatesTest.NOW).string();
  }
}
