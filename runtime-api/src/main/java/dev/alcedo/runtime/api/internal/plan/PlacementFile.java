// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What was measured of placements on this machine: a text file of lines `key backend reason`, the
/// newest last. Lines that are none are left out; a file that cannot be read or written costs a
/// measurement at the next start.
final class PlacementFile {
  private static final Logger LOG = LoggerFactory.getLogger(PlacementFile.class);
  private static final String NAME = "placements.txt";
  private static final int LINES_MAX = 200;
  private static final long BYTES_MAX = 1 << 20;

  private final Optional<Path> path;

  /// @param directory empty for nowhere
  PlacementFile(Optional<Path> directory) {
    this.path = directory.map(d -> d.resolve(NAME));
  }

  /// A measurement.
  ///
  /// @param key of machine and graph, without blanks
  /// @param backend which was faster
  /// @param reason one clause
  record Measured(String key, String backend, String reason) {}

  /// What was measured for `key`, if anything.
  Optional<Measured> find(String key) {
    return lines().stream().filter(line -> line.key().equals(key)).reduce((_, last) -> last);
  }

  private List<Measured> lines() {
    List<Measured> lines = new ArrayList<>();
    if (path.isEmpty() || !Files.isRegularFile(path.get())) {
      return lines;
    }
    try {
      if (Files.size(path.get()) <= BYTES_MAX) {
        for (String line : Files.readAllLines(path.get(), StandardCharsets.UTF_8)) {
          String[] parts = line.split(" ", 3);
          if (parts.length == 3) {
            lines.add(new Measured(parts[0], parts[1], parts[2]));
          }
        }
      }
    } catch (IOException e) {
      LOG.info(
          "measured placements {} cannot be read, measuring anew: {}", path.get(), e.toString());
    }
    return lines;
  }

  /// Keeps a measurement, and the newest of the others.
  void add(Measured measured) {
    if (path.isEmpty()) {
      return;
    }
    List<Measured> lines = lines();
    lines.removeIf(line -> line.key().equals(measured.key()));
    lines.add(measured);
    List<String> text =
        lines.subList(Math.max(0, lines.size() - LINES_MAX), lines.size()).stream()
            .map(line -> "%s %s %s".formatted(line.key(), line.backend(), line.reason()))
            .toList();
    try {
      Path directory = Files.createDirectories(path.get().toAbsolutePath().getParent());
      Path part = Files.createTempFile(directory, "placements", ".part");
      Files.write(part, text, StandardCharsets.UTF_8);
      Files.move(
          part, path.get(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.info("measured placements {} cannot be kept: {}", path.get(), e.toString());
    }
  }
}
