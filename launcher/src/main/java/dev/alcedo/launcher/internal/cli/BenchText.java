// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bench.BenchPlan;
import dev.alcedo.launcher.internal.bench.BenchResult;
import dev.alcedo.launcher.internal.bench.Spread;
import dev.alcedo.launcher.internal.config.Machine;
import dev.alcedo.runtime.api.ModelInfo;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Measurements as a table for people.
final class BenchText {
  private static final String COLUMNS = "%-16s %7s %10s %10s %10s  %-10s %12s %11s";

  private BenchText() {}

  /// What was measured on what, and the table's head.
  static List<String> head(Machine machine, ModelInfo model, BenchPlan plan) {
    return List.of(
        Printable.line(
            "machine: %s, %d processors, %s, %s, Java %s"
                .formatted(
                    machine.cpu(),
                    machine.processors(),
                    Sizes.text(machine.memoryBytes()),
                    machine.os(),
                    machine.java())),
        Printable.line("flags: " + String.join(" ", machine.javaFlags())),
        Printable.line(
            "model: %s; %s; %s"
                .formatted(plan.model().model().getFileName(), model.family(), types(model))),
        Printable.line("backends: " + backends(model)),
        "",
        COLUMNS.formatted(
            "test", "threads", "median", "min", "max", "", "alloc/token", "peak memory"));
  }

  private static String types(ModelInfo model) {
    return model.dtypeBytes().entrySet().stream()
        .map(e -> "%s %s".formatted(e.getKey(), Sizes.text(e.getValue())))
        .collect(Collectors.joining(", "));
  }

  static String backends(ModelInfo model) {
    return model.placement().stream()
        .map(p -> "%s on %s (%s)".formatted(p.stage().id(), p.backend(), p.device()))
        .collect(Collectors.joining(", "));
  }

  /// One row.
  static String line(BenchResult result) {
    return switch (result) {
      case BenchResult.Load load ->
          row("load", load, seconds(load.load()), "s", "")
              + "\n"
              + row("to first token", load, seconds(load.firstToken()), "s", "");
      case BenchResult.Speed speed ->
          row(
              speed.test().name(),
              speed,
              speed.tokensPerSecond(),
              "tokens/s",
              speed.allocatedBytesPerToken() < 0
                  ? "?"
                  : Sizes.text(speed.allocatedBytesPerToken()));
      case BenchResult.Encode encode ->
          row("encode", encode, encode.secondsPerTile(), "s/tile", "")
              + "  %d tiles, %d image tokens, prepared in %.3f s"
                  .formatted(encode.tileCount(), encode.tokenCount(), encode.prepareSeconds());
    };
  }

  private static Spread seconds(Duration time) {
    double seconds = time.toNanos() / 1e9;
    return new Spread(seconds, seconds, seconds);
  }

  private static String row(
      String test, BenchResult result, Spread value, String unit, String allocated) {
    return COLUMNS.formatted(
        test,
        result.threads(),
        number(value.median()),
        number(value.min()),
        number(value.max()),
        unit,
        allocated,
        Sizes.text(result.peakMemoryBytes()));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 1 ? "%.4f" : "%.2f", value);
  }
}
