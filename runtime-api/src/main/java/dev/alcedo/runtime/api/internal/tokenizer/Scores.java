// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.spi.Metadata;

/// The table `tokenizer.ggml.scores`.
final class Scores {
  private Scores() {}

  /// One score per piece; infinite ones are scores.
  ///
  /// @throws ModelFormatException if the table is missing, has another length or holds NaN
  static float[] of(Metadata metadata, int size) {
    float[] scores = metadata.numbers(TokenizerKeys.SCORES);
    Vocabulary.requireLength(metadata, TokenizerKeys.SCORES, scores.length, size);
    for (int id = 0; id < size; id++) {
      if (Float.isNaN(scores[id])) {
        throw new ModelFormatException(
            "%s: metadata key '%s': expected numbers, got NaN at id %d"
                .formatted(metadata.source(), TokenizerKeys.SCORES, id));
      }
    }
    return scores;
  }
}
