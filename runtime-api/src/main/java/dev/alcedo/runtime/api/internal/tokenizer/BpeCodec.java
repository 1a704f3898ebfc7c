// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.Vocabulary.NONE;

import dev.alcedo.runtime.api.internal.gguf.Utf8;
import dev.alcedo.runtime.api.internal.tokenizer.PreTokenizer.Alphabet;
import java.nio.charset.StandardCharsets;

/// Byte-pair encoding: text is cut into words, each word's bytes (GPT-2) or characters (Gemma 4)
/// are joined by the merges, earliest first.
///
/// Bytes without a token are left out, as in llama.cpp. Pieces that the merges make but the
/// vocabulary lacks fall apart into their bytes (llama.cpp keeps the ASCII ones only).
final class BpeCodec implements TextCodec {
  private static final char SPACE = '▁';

  private final Vocabulary vocabulary;
  private final MergeTable merges;
  private final PreTokenizer preTokenizer;
  private final boolean spellsBytes;
  private final WordCache cache = new WordCache();

  BpeCodec(Vocabulary vocabulary, MergeTable merges, PreTokenizer preTokenizer) {
    this.vocabulary = vocabulary;
    this.merges = merges;
    this.preTokenizer = preTokenizer;
    this.spellsBytes = preTokenizer.alphabet() == Alphabet.BYTES;
  }

  @Override
  public void encode(String text, boolean first, IntList out) {
    String spelled = spellsBytes ? text : text.replace(' ', SPACE);
    var symbols = new Symbols();
    preTokenizer.split(
        spelled,
        (start, end) -> {
          if (end - start > WordCache.LENGTH_MAX) {
            encodeWord(spelled.substring(start, end), symbols, out);
            return;
          }
          int slot = WordCache.slot(spelled, start, end);
          if (!cache.get(slot, spelled, start, end, out)) {
            String word = spelled.substring(start, end);
            int before = out.size();
            encodeWord(word, symbols, out);
            cache.put(slot, word, out.toArray(before));
          }
        });
  }

  @Override
  public byte[] decode(String piece) {
    return spellsBytes ? BytePieces.bytesOf(piece) : Utf8.encode(piece.replace(SPACE, ' '));
  }

  @Override
  public boolean addsSpacePrefix() {
    return false;
  }

  @Override
  public String describe() {
    return "bpe (%s)".formatted(preTokenizer.name());
  }

  private void encodeWord(String word, Symbols symbols, IntList out) {
    int whole = isWhole(word) ? wholeWord(word) : NONE;
    if (whole != NONE) {
      out.add(whole);
    } else {
      symbols.encode(word, out);
    }
  }

  private boolean isWhole(String word) {
    return preTokenizer.ignoresMerges()
        || preTokenizer.alphabet() == Alphabet.CHARACTERS_AND_LINE_ENDS && word.charAt(0) == '\n';
  }

  private int wholeWord(String word) {
    return word.length() > vocabulary.pieceLengthMax()
        ? NONE
        : vocabulary.findText(spellsBytes ? BytePieces.spell(word) : word);
  }

  /// The symbols of one word: at first its bytes or characters. Reused from word to word.
  private final class Symbols extends PairMerger {
    private int[] symbols = new int[64];
    private int[] starts = new int[64];
    private byte[] bytes = new byte[0];

    void encode(String word, IntList out) {
      bytes = word.getBytes(StandardCharsets.UTF_8);
      int count = spellsBytes ? splitBytes() : splitCharacters(word);
      merge(count);
      for (int i = 0; i >= 0; i = next(i)) {
        if (merges.isToken(symbols[i])) {
          out.add(symbols[i]);
        } else {
          addBytes(starts[i], next(i) < 0 ? bytes.length : starts[next(i)], out);
        }
      }
    }

    private int splitBytes() {
      reserve(bytes.length);
      for (int i = 0; i < bytes.length; i++) {
        symbols[i] = merges.byteSymbol(bytes[i] & 0xff);
        starts[i] = i;
      }
      return bytes.length;
    }

    private int splitCharacters(String word) {
      reserve(bytes.length);
      int count = 0;
      int from = 0;
      for (int at = 0; at < word.length(); count++) {
        int width = CharClasses.width(word, at);
        symbols[count] = merges.textSymbol(word, at, at + width);
        starts[count] = from;
        at += width;
        do {
          from++;
        } while (from < bytes.length && (bytes[from] & 0xc0) == 0x80);
      }
      return count;
    }

    private void reserve(int count) {
      if (symbols.length < count) {
        symbols = new int[count];
        starts = new int[count];
      }
    }

    private void addBytes(int start, int end, IntList out) {
      for (int i = start; i < end; i++) {
        int value = bytes[i] & 0xff;
        int id = spellsBytes ? merges.byteSymbol(value) : vocabulary.byteId(value);
        if (id != NONE && merges.isToken(id)) {
          out.add(id);
        }
      }
    }

    @Override
    int rank(int left, int right) {
      return merges.rank(symbols[left], symbols[right]);
    }

    @Override
    void join(int left, int right, int rank) {
      symbols[left] = merges.result(rank);
    }
  }
}
