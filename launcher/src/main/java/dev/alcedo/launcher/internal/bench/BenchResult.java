// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bench;

import java.time.Duration;

/// What was measured.
public sealed interface BenchResult {
  /// CPU threads that computed.
  int threads();

  /// The process at its largest so far, in bytes.
  long peakMemoryBytes();

  /// A model was loaded.
  ///
  /// @param load opening files, compiling graphs
  /// @param firstToken from the beginning of that to the first token of a prompt of one
  record Load(int threads, Duration load, Duration firstToken, long peakMemoryBytes)
      implements BenchResult {}

  /// A text test.
  ///
  /// @param tokensPerSecond of all repetitions
  /// @param allocatedBytesPerToken Java heap that the engine's and the backend's threads allocated
  ///   while requests ran, the median; -1 where this Java does not count it
  record Speed(
      BenchCase test,
      int threads,
      Spread tokensPerSecond,
      long allocatedBytesPerToken,
      long peakMemoryBytes)
      implements BenchResult {}

  /// Encoding a picture.
  ///
  /// @param tileCount tiles of the picture, the overview included
  /// @param tokenCount its image tokens
  /// @param secondsPerTile vision tower and projector
  /// @param prepareSeconds decoding, resizing and cutting the whole picture, the median
  record Encode(
      BenchPlan.PictureSize picture,
      int threads,
      int tileCount,
      int tokenCount,
      Spread secondsPerTile,
      double prepareSeconds,
      long peakMemoryBytes)
      implements BenchResult {}
}
