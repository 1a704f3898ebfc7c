// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Numbers that were measured on this machine once, by name, in a file of lines `NAME = NUMBER`
/// that may be looked at, changed and deleted. A file that cannot be read or written costs another
/// measurement, nothing else. Any thread.
public final class Measurements {
  private static final Logger LOG = LoggerFactory.getLogger(Measurements.class);
  private static final String FILE = "measured.txt";
  private static final long FILE_BYTES_MAX = 1 << 20;
  private static final Pattern LINE = Pattern.compile("(.{1,1000}) = ([1-9][0-9]{0,8})");

  private final Optional<Path> folder;
  private final Map<String, Integer> known = new LinkedHashMap<>();

  /// @param folder where they are kept; without, they last as long as this object
  public Measurements(Optional<Path> folder) {
    this.folder = folder;
  }

  /// What was measured under `name`, by this process or one before.
  public synchronized OptionalInt find(String name) {
    if (!known.containsKey(name)) {
      known.putAll(read());
    }
    Integer value = known.get(name);
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }

  /// Remembers.
  ///
  /// @param name of one line
  /// @param value at least 1
  /// @throws IllegalArgumentException if the file could not give them back
  public synchronized void remember(String name, int value) {
    if (!LINE.matcher(line(name, value)).matches()) {
      throw new IllegalArgumentException(
          "measurement: expected a name of one line and a number above 0, got '%s' and %d"
              .formatted(name, value));
    }
    known.putAll(read()); // another process may have measured something meanwhile
    known.put(name, value);
    folder.ifPresent(this::write);
  }

  private Map<String, Integer> read() {
    Map<String, Integer> read = new LinkedHashMap<>();
    Path file = folder.map(f -> f.resolve(FILE)).orElse(null);
    try {
      if (file != null && Files.isRegularFile(file) && Files.size(file) <= FILE_BYTES_MAX) {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        text.lines()
            .map(LINE::matcher)
            .filter(Matcher::matches)
            .forEach(line -> read.put(line.group(1), Integer.valueOf(line.group(2))));
      }
    } catch (IOException e) {
      LOG.debug("measurements cannot be read", e);
    }
    return read;
  }

  private void write(Path into) {
    var text = new StringBuilder();
    known.forEach((name, value) -> text.append(line(name, value)).append('\n'));
    Path part = into.resolve(".%s.%s.part".formatted(FILE, UUID.randomUUID()));
    try {
      Files.createDirectories(into);
      Files.writeString(part, text);
      Files.move(part, into.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("what was measured cannot be kept in '{}': {}", into, e.toString());
      delete(part);
    }
  }

  private static void delete(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException _) {
      // It says what it is by its name; the first error was told.
    }
  }

  private static String line(String name, int value) {
    return name + " = " + value;
  }
}
