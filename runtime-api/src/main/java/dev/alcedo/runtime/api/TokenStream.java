// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import java.util.Optional;

/// A running request. Any thread.
public interface TokenStream {
  /// Waits for the next token.
  ///
  /// @return empty when the answer is complete
  /// @throws VlmException if the request failed or was cancelled
  Optional<Token> next();

  /// Waits for the whole answer.
  ///
  /// @throws VlmException if the request failed or was cancelled
  Answer await();

  /// Stops the request at its next step; the stream then fails with [CancelledException]. Does
  /// nothing once it has ended.
  void cancel();

  /// Whether an answer or a failure is there.
  boolean isDone();
}
