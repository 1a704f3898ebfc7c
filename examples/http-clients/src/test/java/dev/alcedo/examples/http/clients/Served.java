// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.examples.http.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/// The server that the tests talk to, and a picture they ask about.
final class Served {
  static final String URL = System.getenv().getOrDefault("ALCEDO_URL", "http://127.0.0.1:8080");
  static final String MODEL = "alcedo-tiny-q8_0";
  static final String QUESTION = "What is in the picture?";
  static final String ANSWER =
      "a small blue star left of a small green triangle on a beige background.";

  private Served() {}

  static String picture() {
    try {
      Path file = Path.of("..", "models", "alcedo-tiny", "pictures", "02.png");
      return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
