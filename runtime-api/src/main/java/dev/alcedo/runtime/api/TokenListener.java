// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import dev.alcedo.runtime.api.spi.Progress;

/// Who wants to hear of a request as it runs. Called by engine threads one event at a time; must
/// return quickly and not throw: one that throws hears no more, and its request is cancelled. May
/// cancel its stream and start requests, but must not close the session or the model, which would
/// wait for itself. Exactly one of [#finished] and [#failed] comes last.
public interface TokenListener extends Progress {
  /// Nobody listens.
  TokenListener NONE =
      new TokenListener() {
        @Override
        public void token(Token token) {}
      };

  /// A token was generated.
  void token(Token token);

  /// Long work goes on: `image` (tiles), `prefill` (positions).
  @Override
  default void report(String step, long done, long total) {}

  /// The answer is complete.
  default void finished(Answer answer) {}

  /// There will be no answer.
  default void failed(VlmException cause) {}
}
