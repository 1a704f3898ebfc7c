// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.examples.benchmarks.kernels;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/// What kernels did a second as parts of the peaks that were measured in the same run.
final class SpeedTable {
  private static final String PEAKS = PeakBenchmark.class.getName();

  private final List<Row> peaks = new ArrayList<>();
  private final List<Row> kernels = new ArrayList<>();

  /// @param name of the benchmark with its parameters
  /// @param microseconds of one call
  /// @param memoryBytes a second, like the other rates; 0 if the benchmark has none
  private record Row(
      String name, double microseconds, double memoryBytes, double cacheBytes, double flops) {
    static Row of(RunResult result) {
      BenchmarkParams params = result.getParams();
      double callsPerSecond = result.getPrimaryResult().getScore();
      return new Row(
          name(params),
          1e6 * params.getThreads() / callsPerSecond,
          rate(result, "memoryBytes"),
          rate(result, "cacheBytes"),
          rate(result, "flops"));
    }

    private static String name(BenchmarkParams params) {
      String path = params.getBenchmark();
      String name = path.substring(path.lastIndexOf('.') + 1);
      return params.getParamsKeys().stream()
          .map(key -> " %s=%s".formatted(key, params.getParam(key)))
          .collect(Collectors.joining("", name, ""));
    }

    private static double rate(RunResult result, String counter) {
      Result<?> rate = result.getSecondaryResults().get(counter);
      return rate == null ? 0 : rate.getScore();
    }
  }

  /// @param results of the peaks and of kernels, from the mode "throughput" in seconds
  SpeedTable(Collection<RunResult> results) {
    for (RunResult result : results) {
      boolean isPeak = result.getParams().getBenchmark().startsWith(PEAKS + ".");
      (isPeak ? peaks : kernels).add(Row.of(result));
    }
  }

  @Override
  public String toString() {
    double memoryPeak = peak(Row::memoryBytes);
    double cachePeak = peak(Row::cacheBytes);
    double flopsPeak = peak(Row::flops);
    var text = new StringBuilder();
    text.append(
        line("peaks: %.1f GB/s of memory, %.1f GB/s of the first cache, %.1f GFLOP/s (fma)")
            .formatted(memoryPeak / 1e9, cachePeak / 1e9, flopsPeak / 1e9));
    int width = kernels.stream().mapToInt(row -> row.name.length()).max().orElse(6);
    String format = line("%-" + width + "s %12s %16s %16s %18s");
    text.append(format.formatted("kernel", "us/call", "GB/s of memory", "of cache", "GFLOP/s"));
    for (Row row : kernels) {
      text.append(
          format.formatted(
              row.name,
              "%.2f".formatted(row.microseconds),
              part(row.memoryBytes, memoryPeak),
              part(row.cacheBytes, cachePeak),
              part(row.flops, flopsPeak)));
    }
    return text.toString();
  }

  private double peak(Function<Row, Double> rate) {
    return peaks.stream().map(rate).max(Double::compare).orElse(0.0);
  }

  private static String part(double rate, double peak) {
    return rate == 0
        ? "-"
        : String.format(Locale.ROOT, "%.1f (%.0f %%)", rate / 1e9, 100 * rate / peak);
  }

  private static String line(String format) {
    return format + System.lineSeparator();
  }
}
