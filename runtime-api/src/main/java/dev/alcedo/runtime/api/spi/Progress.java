// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

/// Where long work reports how far it is. Called by the working thread; must return quickly and not
/// throw.
@FunctionalInterface
public interface Progress {
  /// Nobody listens.
  Progress NONE = (step, done, total) -> {};

  /// `done` of `total` are finished.
  ///
  /// @param step what is counted: `load` (bytes), `image` (tiles), `prefill` (positions),
  ///   `quantize` and `write` (bytes), `perplexity` (chunks)
  void report(String step, long done, long total);
}
