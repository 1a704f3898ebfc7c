// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.backend.apu.internal.neuron.CompileOptions;
import dev.alcedo.backend.apu.internal.neuron.MemoryKind;
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
/// @param memory how networks are given their inputs and outputs
/// @param folders where files are kept
public record Tuning(
    Precision precision,
    CompileOptions options,
    List<Integer> rowBuckets,
    Duration compileLimit,
    Duration computeLimit,
    int calibrationRows,
    MemoryKind memory,
    Folders folders) {
  /// F16 in buckets of 1, 8, 32 and 128, in plain memory.
  public static final Tuning DEFAULTS =
      new Tuning(
          Precision.F16,
          CompileOptions.DEFAULTS,
          List.of(1, 8, 32, 128),
          Duration.ofMinutes(5),
          Duration.ofSeconds(30),
          128,
          MemoryKind.PLAIN,
          new Folders(Optional.empty(), Optional.empty()));

  /// Where files are kept; empty for nowhere.
  ///
  /// @param ranges of 8-bit activations
  /// @param networks compiled
  public record Folders(Optional<Path> ranges, Optional<Path> networks) {}

  /// Copies the list.
  public Tuning {
    rowBuckets = List.copyOf(rowBuckets);
  }

  /// The same in another precision.
  public Tuning withPrecision(Precision other) {
    return new Tuning(
        other, options, rowBuckets, compileLimit, computeLimit, calibrationRows, memory, folders);
  }

  /// The same with other limits for compiling and running.
  public Tuning withLimits(Duration limit) {
    return new Tuning(
        precision, options, rowBuckets, limit, limit, calibrationRows, memory, folders);
  }

  /// The same, calibrated by another number of rows.
  public Tuning withCalibrationRows(int rows) {
    return new Tuning(
        precision, options, rowBuckets, compileLimit, computeLimit, rows, memory, folders);
  }

  /// The same with another kind of memory.
  public Tuning withMemory(MemoryKind other) {
    return new Tuning(
        precision,
        options,
        rowBuckets,
        compileLimit,
        computeLimit,
        calibrationRows,
        other,
        folders);
  }

  /// The same, keeping ranges and compiled networks in `directory`.
  public Tuning withFiles(Path directory) {
    Optional<Path> there = Optional.of(directory);
    return new Tuning(
        precision,
        options,
        rowBuckets,
        compileLimit,
        computeLimit,
        calibrationRows,
        memory,
        new Folders(there, there));
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
