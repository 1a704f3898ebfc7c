// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.grammar;

import dev.alcedo.runtime.api.spi.TokenDecoder;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The grammars of one model's requests; those used last are kept compiled. Any thread.
public final class Grammars {
  private static final int KEPT_COUNT = 8;

  private final Tokenizer tokenizer;
  private final Map<String, Grammar> kept = new LinkedHashMap<>(16, 0.75f, true);
  private @Nullable TokenTrie trie;
  private int spacedId = -1;

  /// Compiles nothing yet.
  public Grammars(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /// The constraint of an answer.
  ///
  /// @param text in GBNF; see [GrammarParser]
  /// @param decoders decoders in the state in which the answer's begins
  /// @throws dev.alcedo.runtime.api.InvalidRequestException if the text is no grammar that we take
  public synchronized Constraint constraint(String text, Supplier<TokenDecoder> decoders) {
    TokenTrie tokens = trie();
    Grammar grammar = kept.get(text);
    if (grammar == null) {
      grammar = new Grammar(NetworkBuilder.build(GrammarParser.parse(text)), tokens);
      kept.put(text, grammar);
      if (kept.size() > KEPT_COUNT) {
        kept.remove(kept.keySet().iterator().next());
      }
    }
    return new Constraint(grammar, tokens, dropsSpace(decoders.get()));
  }

  private TokenTrie trie() {
    TokenTrie known = trie;
    if (known == null) {
      known = new TokenTrie(tokenizer);
      trie = known;
      for (int id = 0; id < known.vocabSize() && spacedId < 0; id++) {
        String word = new String(known.bytes(id), StandardCharsets.UTF_8);
        if (word.length() > 1 && word.charAt(0) == ' ' && word.charAt(1) != ' ') {
          spacedId = id;
        }
      }
    }
    return known;
  }

  /// Whether the decoder takes a first space away, as SentencePiece's do at the start of a text.
  private boolean dropsSpace(TokenDecoder decoder) {
    return spacedId >= 0 && !decoder.next(spacedId).startsWith(" ");
  }
}
