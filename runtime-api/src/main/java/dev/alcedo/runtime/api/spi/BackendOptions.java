// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import java.nio.file.Path;
import java.util.Optional;

/// What a user may choose about a backend.
///
/// @param threadCount worker threads, the caller's included; 0 lets the backend choose
/// @param cacheDirectory where compiled programs may be kept between runs; empty for nowhere
public record BackendOptions(int threadCount, Optional<Path> cacheDirectory) {
  /// Everything left to the backend, nothing kept.
  public static final BackendOptions DEFAULTS = new BackendOptions(0, Optional.empty());

  /// Checks the range.
  ///
  /// @throws IllegalArgumentException if threadCount is negative or above 1024
  public BackendOptions {
    if (threadCount < 0 || threadCount > 1024) {
      throw new IllegalArgumentException("threadCount: expected 0 to 1024, got " + threadCount);
    }
  }
}
