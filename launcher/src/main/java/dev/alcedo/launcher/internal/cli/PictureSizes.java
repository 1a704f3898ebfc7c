// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.vision.pipeline.PictureSize;
import dev.alcedo.vision.pipeline.TileStatistics.Size;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/// Sizes of pictures, from a list or a folder.
final class PictureSizes {
  private static final int COUNT_MAX = 10_000_000;
  private static final int SIDE_MAX = 1_000_000;

  private PictureSizes() {}

  /// All sizes that a file lists, or those of the pictures in a folder.
  ///
  /// @throws InvalidRequestException if there are none, or a line is not of the form
  static List<Size> of(Path path) {
    try {
      List<Size> sizes = Files.isDirectory(path) ? ofFolder(path) : ofList(path);
      if (sizes.isEmpty()) {
        throw new InvalidRequestException("--sizes: '%s' has no picture sizes".formatted(path));
      }
      return sizes;
    } catch (IOException | UncheckedIOException e) {
      throw new InvalidRequestException("--sizes: '%s' cannot be read: %s".formatted(path, e), e);
    }
  }

  private static List<Size> ofFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .sorted()
          .flatMap(file -> PictureSize.of(file).stream())
          .toList();
    }
  }

  private static List<Size> ofList(Path list) throws IOException {
    var sizes = new ArrayList<Size>();
    int number = 0;
    for (String line : Files.readAllLines(list)) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      String where = "%s, line %d".formatted(list.getFileName(), number);
      String[] parts = text.split(",", -1);
      int count = parts.length == 3 ? number(where, parts[2], COUNT_MAX) : 1;
      if (sizes.size() + (long) count > COUNT_MAX) {
        throw new InvalidRequestException(
            "%s: expected at most %d sizes in all".formatted(where, COUNT_MAX));
      }
      String size = parts.length == 3 ? parts[0] + "," + parts[1] : text;
      sizes.addAll(Collections.nCopies(count, parse(where, size, ",")));
    }
    return sizes;
  }

  /// A size such as `768x1536`.
  ///
  /// @param where it stands, for the message
  /// @throws InvalidRequestException if it is none
  static Size parse(String where, String text, String separator) {
    String[] parts = text.split(separator, -1);
    if (parts.length != 2) {
      throw new InvalidRequestException(
          "%s: expected WIDTH%sHEIGHT, got '%s'".formatted(where, separator, text));
    }
    return new Size(number(where, parts[0], SIDE_MAX), number(where, parts[1], SIDE_MAX));
  }

  private static int number(String where, String text, int max) {
    try {
      int number = Integer.parseInt(text.strip());
      if (number >= 1 && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new InvalidRequestException(
        "%s: expected a number from 1 to %d, got '%s'".formatted(where, max, text));
  }
}
