// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.Vocabulary.NONE;

import dev.alcedo.runtime.api.spi.Metadata;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/// Which special tokens take white space along. Files do not say so; llama.cpp goes by the names of
/// model, architecture and pre-tokenizer as well.
///
/// @param before ids that take the white space before them
/// @param after ids that take the white space behind them
record TokenSpaces(BitSet before, BitSet after) {
  /// No token does.
  static TokenSpaces none() {
    return new TokenSpaces(new BitSet(), new BitSet());
  }

  /// What the names in `metadata` mean for `vocabulary`.
  static TokenSpaces of(Metadata metadata, Vocabulary vocabulary) {
    TokenSpaces spaces = none();
    String name = text(metadata, TokenizerKeys.NAME).toLowerCase(Locale.ROOT);
    String pre = text(metadata, TokenizerKeys.PRE);
    String architecture = text(metadata, TokenizerKeys.ARCHITECTURE);
    if (List.of("jina-v2-de", "jina-v2-es", "jina-v2-code").contains(pre)
        || List.of("nomic-bert-moe", "jina-bert-v3").contains(architecture)) {
      set(spaces.before, vocabulary, "<mask>", true);
    } else if (name.contains("phi-3") || name.contains("phi3")) {
      for (int id = 0; id < vocabulary.size(); id++) {
        TokenType type = vocabulary.type(id);
        spaces.after.set(id, type.isControl() || type == TokenType.USER_DEFINED);
      }
      for (String piece : List.of("<unk>", "<s>", "<|endoftext|>")) {
        set(spaces.after, vocabulary, piece, false);
      }
    } else if (name.contains("modern-bert")) {
      set(spaces.before, vocabulary, "[MASK]", true);
    }
    return spaces;
  }

  private static void set(BitSet ids, Vocabulary vocabulary, String piece, boolean value) {
    int id = vocabulary.find(piece);
    if (id != NONE) {
      ids.set(id, value);
    }
  }

  private static String text(Metadata metadata, String key) {
    return metadata.has(key) && metadata.value(key) instanceof String value ? value : "";
  }
}
