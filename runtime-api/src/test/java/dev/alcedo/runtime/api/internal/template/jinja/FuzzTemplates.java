// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What fuzzing starts from: every template of the golden file, and those of real models where they
/// are there.
final class FuzzTemplates {
  private FuzzTemplates() {}

  static List<String> bases() {
    List<String> bases = new ArrayList<>();
    try (InputStream in = FuzzTemplates.class.getResourceAsStream("golden.json")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      Map<String, Object> golden = TestJson.object(TestJson.read(text));
      for (Object one : (List<?>) Objects.requireNonNull(golden.get("cases"))) {
        bases.add(String.valueOf(TestJson.object(one).get("template")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (Files.isDirectory(SharedTemplates.folder())) {
      SharedTemplates.all().forEach(file -> bases.add(SharedTemplates.read(file)));
    }
    return bases;
  }
}
