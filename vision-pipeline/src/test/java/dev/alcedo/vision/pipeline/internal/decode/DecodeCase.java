// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/// The pictures of `decode-cases.tsv`, made by `src/test/python/decode_goldens.py`.
record DecodeCase(
    String name, int width, int height, int tolerance, byte[] image, byte[] expectedRgb) {
  static List<DecodeCase> all() {
    try (InputStream in =
        Objects.requireNonNull(DecodeCase.class.getResourceAsStream("decode-cases.tsv"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(DecodeCase::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static DecodeCase named(String name) {
    return all().stream().filter(c -> c.name.equals(name)).findFirst().orElseThrow();
  }

  private static DecodeCase parse(String line) {
    String[] field = line.split("\t");
    return new DecodeCase(
        field[0],
        Integer.parseInt(field[1]),
        Integer.parseInt(field[2]),
        Integer.parseInt(field[3]),
        Base64.getDecoder().decode(field[4]),
        Base64.getDecoder().decode(field[5]));
  }

  @Override
  public String toString() {
    return name;
  }
}
