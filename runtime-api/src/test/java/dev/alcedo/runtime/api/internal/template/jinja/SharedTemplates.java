// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Templates of real models. They lie outside the repository: in the folder that `ALCEDO_SHARED`
/// names, or beside the repository.
public final class SharedTemplates {
  private SharedTemplates() {}

  /// Where they are, if they are.
  static Path folder() {
    return Optional.ofNullable(System.getenv("ALCEDO_SHARED"))
        .map(Path::of)
        .orElse(Path.of("..", "..", "shared"))
        .resolve("templates");
  }

  /// The template files; skips the test where they are not there.
  public static List<Path> all() {
    Path folder = folder();
    if (!Files.isDirectory(folder)) {
      String reason = folder + " is not there: set ALCEDO_SHARED to run this test";
      System.out.println("skipped: " + reason); // Surefire keeps the reasons of skips to itself
      abort(reason);
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".jinja")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The text of a file.
  public static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
