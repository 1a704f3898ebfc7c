// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The tokens of one vocabulary by the bytes that they stand for, control tokens by their spelling.
/// Encoders ask for a handful of them again and again. Any thread.
final class PieceLookup {
  private final Tokenizer tokenizer;
  private final Map<String, int[]> found = new ConcurrentHashMap<>();

  PieceLookup(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /// The first token that stands for `text`; where there is none, the tokens that `text` is encoded
  /// to.
  int[] ids(String text) {
    return found.computeIfAbsent(text, this::search).clone();
  }

  private int[] search(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int id = 0; id < tokenizer.vocabSize(); id++) {
      if (Arrays.equals(tokenizer.bytes(id, true), bytes)) {
        return new int[] {id};
      }
    }
    return tokenizer.encode(text, false, TextTrust.ALL);
  }
}
