// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.Vocabulary.NONE;

import java.nio.charset.StandardCharsets;

/// GPT-2's byte-pair encoding: text is cut into words, each word's bytes are joined by the merges,
/// earliest first.
///
/// Bytes without a token are left out, as in llama.cpp. Pieces that the merges make but the
/// vocabulary lacks fall apart into their bytes (llama.cpp keeps the ASCII ones only).
final class BpeCodec implements TextCodec {
  private final Vocabulary vocabulary;
  private final MergeTable merges;
  private final PreTokenizer preTokenizer;

  BpeCodec(Vocabulary vocabulary, MergeTable merges, PreTokenizer preTokenizer) {
    this.vocabulary = vocabulary;
    this.merges = merges;
    this.preTokenizer = preTokenizer;
  }

  @Override
  public void encode(String text, boolean first, IntList out) {
    var symbols = new Symbols();
    preTokenizer.split(
        text,
        word -> {
          int whole = preTokenizer.ignoresMerges() ? wholeWord(word) : NONE;
          if (whole != NONE) {
            out.add(whole);
          } else {
            symbols.encode(word.getBytes(StandardCharsets.UTF_8), out);
          }
        });
  }

  @Override
  public byte[] decode(String piece) {
    return BytePieces.bytesOf(piece);
  }

  @Override
  public boolean addsSpacePrefix() {
    return false;
  }

  @Override
  public String describe() {
    return "bpe (%s)".formatted(preTokenizer.name());
  }

  private int wholeWord(String word) {
    return word.length() > vocabulary.pieceLengthMax()
        ? NONE
        : vocabulary.findText(BytePieces.spell(word));
  }

  /// The symbols of one word: at first its bytes. Reused from word to word.
  private final class Symbols extends PairMerger {
    private int[] symbols = new int[64];
    private byte[] bytes = new byte[0];

    void encode(byte[] word, IntList out) {
      bytes = word;
      if (symbols.length < word.length) {
        symbols = new int[word.length];
      }
      for (int i = 0; i < word.length; i++) {
        symbols[i] = merges.byteSymbol(word[i] & 0xff);
      }
      merge(word.length);
      for (int i = 0; i >= 0; i = next(i)) {
        if (merges.isToken(symbols[i])) {
          out.add(symbols[i]);
        } else {
          addBytes(i, next(i) < 0 ? word.length : next(i), out);
        }
      }
    }

    private void addBytes(int start, int end, IntList out) {
      for (int i = start; i < end; i++) {
        int symbol = merges.byteSymbol(bytes[i] & 0xff);
        if (merges.isToken(symbol)) {
          out.add(symbol);
        }
      }
    }

    @Override
    int rank(int left, int right) {
      return merges.rank(symbols[left], symbols[right]);
    }

    @Override
    void join(int left, int right) {
      symbols[left] = merges.result(merges.rank(symbols[left], symbols[right]));
    }
  }
}
