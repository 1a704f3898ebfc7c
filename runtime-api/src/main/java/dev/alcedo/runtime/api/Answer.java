// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

/// A finished generation.
///
/// @param text the whole answer
/// @param reason why it ended
/// @param statistics what it took
public record Answer(String text, Reason reason, Statistics statistics) {
  /// Why an answer ended.
  public enum Reason {
    /// The model ended it.
    END,
    /// A stop text came up.
    STOP,
    /// The number of tokens asked for is reached, or the context is full.
    LENGTH
  }
}
