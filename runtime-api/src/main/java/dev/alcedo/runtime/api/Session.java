// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

/// One conversation's place in a model: a KV cache and what it holds. Requests of one session run
/// one after the other; sessions of one model run together as the scheduler says. Any thread; who
/// opened it closes it, which cancels what still runs.
public interface Session extends AutoCloseable {
  /// Starts answering; the stream delivers, and fails with [InvalidRequestException] if the request
  /// cannot be answered as it stands, with [ResourceExhaustedException] if the prompt does not fit
  /// the context.
  ///
  /// @throws IllegalStateException if the session is closed
  default TokenStream generate(Request request) {
    return generate(request, TokenListener.NONE);
  }

  /// Starts answering as above; `listener` hears of everything that the stream delivers, before it
  /// does.
  ///
  /// @throws IllegalStateException if the session is closed
  TokenStream generate(Request request, TokenListener listener);

  /// Positions that the session can hold.
  int contextLength();

  @Override
  void close();
}
