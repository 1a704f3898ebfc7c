// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.Perplexity;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.Consumer;

/// The perplexity of a text as llama.cpp's llama-perplexity computes it, so that the numbers can be
/// compared: the tokens are cut into chunks without overlap, what is left over is not used; if the
/// model wants a begin token, it takes the place of each chunk's first; the second half of a chunk
/// is scored but for its first token.
final class PerplexityRun {
  private final Model model;
  private final int chunkLength;
  private final Cancellation cancellation;

  PerplexityRun(Model model, int chunkLength, Cancellation cancellation) {
    this.model = model;
    this.chunkLength = chunkLength;
    this.cancellation = cancellation;
  }

  Perplexity of(String text, Consumer<Perplexity> onChunk) {
    int lengthMax = model.info().contextLength();
    if (chunkLength < 4 || chunkLength > lengthMax) {
      throw new InvalidRequestException(
          "chunkLength: expected 4 to %d tokens, got %d".formatted(lengthMax, chunkLength));
    }
    OptionalInt begin = begin(model.tokenizer());
    int[] tokens = tokens(model.tokenizer(), text, begin);
    int chunkCount = tokens.length / chunkLength;
    if (chunkCount < 2) {
      throw new InvalidRequestException(
          "text: expected at least %d tokens, two chunks of %d, got %d; give a longer text or shorter chunks (--context)"
              .formatted(2 * chunkLength, chunkLength, tokens.length));
    }
    double sum = 0;
    double squares = 0;
    int count = 0;
    var result = new Perplexity(0, chunkCount, 0, Double.NaN, Double.NaN);
    for (int i = 0; i < chunkCount; i++) {
      int[] chunk = Arrays.copyOfRange(tokens, i * chunkLength, (i + 1) * chunkLength);
      if (begin.isPresent()) {
        chunk[0] = begin.getAsInt();
      }
      for (double score : model.logProbabilities(chunk, chunkLength / 2 + 1, cancellation)) {
        sum -= score;
        squares += score * score;
        count++;
      }
      result = estimate(i + 1, chunkCount, count, sum, squares);
      onChunk.accept(result);
    }
    return result;
  }

  private static Perplexity estimate(
      int chunk, int chunkCount, int count, double sum, double squares) {
    double mean = sum / count;
    double variance = squares / count - mean * mean;
    double perplexity = Math.exp(mean);
    double error = count > 1 && variance > 0 ? Math.sqrt(variance / (count - 1)) * perplexity : 0;
    return new Perplexity(chunk, chunkCount, count, perplexity, error);
  }

  /// The begin token, if the model wants one in front of a text.
  private static OptionalInt begin(Tokenizer tokenizer) {
    int[] nothing = tokenizer.encode("", true, TextTrust.NONE);
    OptionalInt begin = tokenizer.beginId();
    return begin.isPresent() && nothing.length > 0 && nothing[0] == begin.getAsInt()
        ? begin
        : OptionalInt.empty();
  }

  private static int[] tokens(Tokenizer tokenizer, String text, OptionalInt begin) {
    int[] plain = tokenizer.encode(text, false, TextTrust.NONE);
    if (begin.isEmpty()) {
      return plain;
    }
    var tokens = new int[plain.length + 1];
    tokens[0] = begin.getAsInt();
    System.arraycopy(plain, 0, tokens, 1, plain.length);
    return tokens;
  }
}
