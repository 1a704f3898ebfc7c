// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.backend.apu.internal.neuron.CompileOptions;
import dev.alcedo.backend.apu.internal.neuron.MemoryKind;
import dev.alcedo.backend.apu.internal.run.Tuning;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.spi.BackendOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What the environment says about compiling and running; what it does not say is as in
/// [Tuning#DEFAULTS].
final class ApuSettings {
  /// Part of the name of the device to use, whatever kind it is.
  static final String DEVICE = "ALCEDO_NEURON_DEVICE";

  /// `f16`, `relaxed`, `f32`, `w8a16` or `w8a8`.
  static final String PRECISION = "ALCEDO_NEURON_PRECISION";

  /// `low-power`, `fast-answer`, `sustained` or `turbo`.
  static final String PREFERENCE = "ALCEDO_NEURON_PREFERENCE";

  /// `low`, `medium` or `high`.
  static final String PRIORITY = "ALCEDO_NEURON_PRIORITY";

  /// Item counts to compile for, ascending, e.g. `8,32,128`.
  static final String ROWS = "ALCEDO_NEURON_ROWS";

  /// Seconds that one run may take, and the child that probes a library.
  static final String TIMEOUT = "ALCEDO_NEURON_TIMEOUT";

  /// Rows to be seen before activations are rounded to 8 bits.
  static final String CALIBRATION = "ALCEDO_NEURON_CALIBRATION";

  /// `plain` or `fd`: how networks are given their inputs and outputs.
  static final String MEMORY = "ALCEDO_NEURON_MEMORY";

  /// Where compiled networks and ranges are kept; without it, ranges only, where the caller keeps
  /// what can be made anew.
  static final String CACHE = "ALCEDO_NEURON_CACHE";

  private static final List<String> PREFERENCES =
      List.of("low-power", "fast-answer", "sustained", "turbo");
  private static final List<String> PRIORITIES = List.of("low", "medium", "high");
  private static final List<String> PRECISIONS = names(Precision.values());
  private static final List<String> MEMORIES = names(MemoryKind.values());
  private static final int ROWS_MAX = 4096;
  private static final int TIMEOUT_MAX = 3600;
  private static final int CALIBRATION_MAX = 1_000_000;

  private final Map<String, String> environment;

  ApuSettings(Map<String, String> environment) {
    this.environment = environment;
  }

  private static List<String> names(Enum<?>[] values) {
    return Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
  }

  /// Part of a device's name, if one is asked for.
  Optional<String> device() {
    return value(DEVICE);
  }

  /// How long a call may take, if that is said.
  ///
  /// @throws InvalidRequestException if it is no number of seconds
  Optional<Duration> timeout() {
    return value(TIMEOUT).map(text -> Duration.ofSeconds(number(TIMEOUT, text, TIMEOUT_MAX)));
  }

  /// How networks are given their inputs and outputs.
  ///
  /// @throws InvalidRequestException if it is no kind of memory
  MemoryKind memory() {
    return choice(MEMORY, MEMORIES)
        .map(i -> MemoryKind.values()[i])
        .orElse(Tuning.DEFAULTS.memory());
  }

  /// @throws InvalidRequestException if a variable has no value that it may have
  Tuning tuning(BackendOptions options) {
    CompileOptions defaults = CompileOptions.DEFAULTS;
    int preference = choice(PREFERENCE, PREFERENCES).orElse(defaults.preference());
    int priority = choice(PRIORITY, PRIORITIES).map(i -> 90 + 10 * i).orElse(defaults.priority());
    return new Tuning(
        choice(PRECISION, PRECISIONS)
            .map(i -> Precision.values()[i])
            .orElse(Tuning.DEFAULTS.precision()),
        new CompileOptions(preference, priority, defaults.hints(), defaults.boost()),
        value(ROWS).map(ApuSettings::rows).orElse(Tuning.DEFAULTS.rowBuckets()),
        Tuning.DEFAULTS.compileLimit(),
        timeout().orElse(Tuning.DEFAULTS.computeLimit()),
        value(CALIBRATION)
            .map(text -> number(CALIBRATION, text, CALIBRATION_MAX))
            .orElse(Tuning.DEFAULTS.calibrationRows()),
        memory(),
        new Tuning.Folders(
            value(CACHE).map(Path::of).or(options::cacheDirectory), value(CACHE).map(Path::of)));
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(environment.get(name))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  private Optional<Integer> choice(String name, List<String> known) {
    return value(name)
        .map(text -> {
          int index = known.indexOf(text);
          if (index < 0) {
            throw invalid(name, "one of " + String.join(", ", known), text);
          }
          return index;
        });
  }

  private static List<Integer> rows(String text) {
    List<Integer> rows =
        Arrays.stream(text.split(",")).map(part -> number(ROWS, part.strip(), ROWS_MAX)).toList();
    if (!rows.equals(rows.stream().distinct().sorted().toList())) {
      throw invalid(ROWS, "ascending numbers", text);
    }
    return rows;
  }

  private static int number(String name, String text, int max) {
    Function<Object, InvalidRequestException> problem =
        _ -> invalid(name, "numbers from 1 to " + max, text);
    try {
      int number = Integer.parseInt(text);
      if (number < 1 || number > max) {
        throw problem.apply(text);
      }
      return number;
    } catch (NumberFormatException e) {
      throw problem.apply(e);
    }
  }

  private static InvalidRequestException invalid(String name, String expected, String got) {
    return new InvalidRequestException(
        "environment variable %s: expected %s, got '%s'".formatted(name, expected, got));
  }
}
