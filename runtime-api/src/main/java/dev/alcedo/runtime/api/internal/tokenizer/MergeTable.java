// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.Vocabulary.NONE;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.spi.Metadata;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which two symbols are joined to which third, and how early (its place in
/// `tokenizer.ggml.merges`). Symbols are token ids, and numbers from the vocabulary's size on for
/// pieces that merges name but the vocabulary lacks: real files have such merges and llama.cpp
/// takes them, so the symbols exist, too, on the way to others.
final class MergeTable {
  /// More are refused; Gemma 3 has half a million.
  static final int MERGES_MAX = 1 << 21;

  private final Vocabulary vocabulary;
  private final Map<String, Integer> extras = new HashMap<>();
  private final LongIntMap ranks;
  private final int[] results;
  private final int[] byteSymbols = new int[256];

  private MergeTable(Vocabulary vocabulary, int size) {
    this.vocabulary = vocabulary;
    this.ranks = new LongIntMap(size);
    this.results = new int[size];
    Arrays.setAll(byteSymbols, value -> symbol(String.valueOf(BytePieces.charOf(value))));
  }

  /// Reads `tokenizer.ggml.merges`. Of equal merges the first counts, as in llama.cpp.
  ///
  /// @throws ModelFormatException if it is missing, or an entry is not two pieces with a space
  ///   between them
  static MergeTable of(Metadata metadata, Vocabulary vocabulary) {
    List<String> merges = metadata.strings(TokenizerKeys.MERGES);
    if (merges.size() > MERGES_MAX) {
      throw new ModelFormatException(
          "%s: metadata key '%s': expected at most %d merges, got %d"
              .formatted(metadata.source(), TokenizerKeys.MERGES, MERGES_MAX, merges.size()));
    }
    var table = new MergeTable(vocabulary, merges.size());
    for (int rank = 0; rank < merges.size(); rank++) {
      String merge = merges.get(rank);
      int space = merge.indexOf(' ', 1); // from 1: a piece is never empty
      if (space < 0 || space == merge.length() - 1) {
        throw new ModelFormatException(
            "%s: metadata key '%s': expected two pieces with a space between them, got no such"
                    .formatted(metadata.source(), TokenizerKeys.MERGES)
                + " thing at entry %d".formatted(rank));
      }
      table.add(merge.substring(0, space), merge.substring(space + 1), rank);
    }
    return table;
  }

  /// The rank of joining two symbols, or [LongIntMap#MISSING].
  int rank(int left, int right) {
    return ranks.get(pair(left, right));
  }

  /// The symbol that the merge of `rank` makes.
  int result(int rank) {
    return results[rank];
  }

  /// The symbol of a byte (0 to 255).
  int byteSymbol(int value) {
    return byteSymbols[value];
  }

  /// The symbol of the characters that `text` has from `start` to `end`; one that nothing can be
  /// joined to where neither the vocabulary nor a merge has them.
  int textSymbol(String text, int start, int end) {
    int id = vocabulary.findText(text, start, end);
    if (id != NONE) {
      return id;
    }
    Integer extra = extras.isEmpty() ? null : extras.get(text.substring(start, end));
    return extra == null ? Integer.MAX_VALUE : extra;
  }

  /// Whether a symbol is a token; its number is the id then.
  boolean isToken(int symbol) {
    return symbol < vocabulary.size();
  }

  private void add(String left, String right, int rank) {
    String joined = left + right;
    int id = vocabulary.find(joined);
    if (id != NONE && !vocabulary.type(id).isText()) {
      return; // a user must not be able to spell a control token
    }
    if (ranks.putIfAbsent(pair(symbol(left), symbol(right)), rank)) {
      results[rank] = symbol(joined);
    }
  }

  private int symbol(String piece) {
    int id = vocabulary.findText(piece);
    return id != NONE ? id : extras.computeIfAbsent(piece, _ -> vocabulary.size() + extras.size());
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }
}
