// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.backend.apu.internal.neuron.CompileOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How networks are compiled and run.
///
/// @param rowBuckets item counts that networks are compiled for, ascending
/// @param compileLimit how long the driver may take to compile one network
/// @param computeLimit how long it may take to run one, and for anything else
/// @param calibrationRows rows to be seen before activations are rounded to 8 bits
/// @param rangeDirectory where ranges are kept; empty for nowhere
/// @param cacheDirectory where compiled networks are kept; empty for nowhere
public record Tuning(
    Precision precision,
    CompileOptions options,
    List<Integer> rowBuckets,
    Duration compileLimit,
    Duration computeLimit,
    int calibrationRows,
    Optional<Path> rangeDirectory,
    Optional<Path> cacheDirectory) {
  /// F16 in buckets of 1, 8, 32 and 128.
  public static final Tuning DEFAULTS =
      new Tuning(
          Precision.F16,
          CompileOptions.DEFAULTS,
          List.of(1, 8, 32, 128),
          Duration.ofMinutes(5),
          Duration.ofSeconds(30),
          128,
          Optional.empty(),
          Optional.empty());

  /// Copies the list.
  public Tuning {
    rowBuckets = List.copyOf(rowBuckets);
  }

  /// The same in another precision.
  public Tuning withPrecision(Precision other) {
    return new Tuning(
        other,
        options,
        rowBuckets,
        compileLimit,
        computeLimit,
        calibrationRows,
        rangeDirectory,
        cacheDirectory);
  }

  /// The same with other limits for compiling and running.
  public Tuning withLimits(Duration limit) {
    return new Tuning(
        precision,
        options,
        rowBuckets,
        limit,
        limit,
        calibrationRows,
        rangeDirectory,
        cacheDirectory);
  }

  /// The same, calibrated by another number of rows.
  public Tuning withCalibrationRows(int rows) {
    return new Tuning(
        precision,
        options,
        rowBuckets,
        compileLimit,
        computeLimit,
        rows,
        rangeDirectory,
        cacheDirectory);
  }

  /// The same, keeping ranges and compiled networks in `directory`.
  public Tuning withFiles(Path directory) {
    Optional<Path> there = Optional.of(directory);
    return new Tuning(
        precision, options, rowBuckets, compileLimit, computeLimit, calibrationRows, there, there);
  }

  /// Buckets for runs of up to `itemCountMax` items; the last is that number itself.
  List<Integer> bucketsUpTo(int itemCountMax) {
    var buckets = new ArrayList<Integer>();
    for (int bucket : rowBuckets) {
      if (bucket < itemCountMax) {
        buckets.add(bucket);
      }
    }
    buckets.add(itemCountMax);
    return List.copyOf(buckets);
  }
}
