// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.util.function.Consumer;

/// A loaded model. Any thread; who loaded it closes it, after its sessions.
public interface Model extends AutoCloseable {
  /// What it is, where it runs, what it takes.
  ModelInfo info();

  /// What it holds now and has saved so far.
  ModelStatistics statistics();

  /// Its tokenizer.
  Tokenizer tokenizer();

  /// Hands in a picture; encoding begins at once, in the background. The same picture again is not
  /// encoded again while its image tokens are in the cache.
  ///
  /// @param image the encoded bytes (PNG, JPEG, GIF, BMP, WebP); not kept
  /// @throws InvalidRequestException if they are no picture that we read, exceed a limit, or the
  ///   model was loaded without an mmproj file
  /// @throws ResourceExhaustedException if its image tokens do not fit the context, or too many
  ///   pictures wait to be encoded
  Image prepare(byte[] image);

  /// The picture that [#prepare] gave a handle, as long as it is kept: until it has not been used
  /// for [EncodingOptions#expiry], or newer ones need its room. Who holds an [Image] keeps it, and
  /// what becomes of a question about it does not matter.
  ///
  /// @throws InvalidRequestException if it is not kept any more, or another model's
  Image prepared(String handle);

  /// Gives a picture up: its handle is good no longer, and what still waits for it fails as if
  /// cancelled. Does nothing if the handle is not good.
  void discard(String handle);

  /// Opens a session with an empty KV cache.
  ///
  /// @throws ResourceExhaustedException if there is no memory for it
  Session openSession();

  /// How probable the model finds given tokens, each after those before it. Sessions go on
  /// meanwhile; their batches and those of this call take turns.
  ///
  /// @param tokens 2 to the context's length, as they are: no begin token is added
  /// @param from first token to score, at least 1
  /// @return natural logarithms of the probabilities of `tokens[from..]`
  /// @throws InvalidRequestException if there are too few or too many tokens, or one is none of the
  ///   vocabulary
  /// @throws CancelledException if `cancellation` or [#close] asked for it
  /// @throws IllegalStateException if the model is closed, or a listener calls
  double[] logProbabilities(int[] tokens, int from, Cancellation cancellation);

  /// The perplexity of a text, as llama-perplexity defines it: chunks of `chunkLength` tokens, each
  /// for itself and with the begin token first if the model wants one, the second half of each
  /// scored.
  ///
  /// @param chunkLength 4 to the context's length; llama-perplexity takes 512
  /// @param onChunk told the estimate so far after each chunk, by the calling thread
  /// @throws InvalidRequestException if the text is shorter than two chunks, or a chunk longer than
  ///   the context
  /// @throws CancelledException if `cancellation` or [#close] asked for it
  /// @throws IllegalStateException if the model is closed, or a listener calls
  Perplexity perplexity(
      String text, int chunkLength, Consumer<Perplexity> onChunk, Cancellation cancellation);

  @Override
  void close();
}
