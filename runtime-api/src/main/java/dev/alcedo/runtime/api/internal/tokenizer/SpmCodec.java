// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.Vocabulary.NONE;

import dev.alcedo.runtime.api.internal.gguf.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/// SentencePiece's BPE: neighbouring pieces are joined to the piece of the highest score until none
/// is left; what the vocabulary cannot spell becomes byte tokens. Spaces are written `▁`.
///
/// Differs from llama.cpp in one point, on purpose: characters are never joined to a control,
/// unknown or byte token, as in SentencePiece itself, so that a user cannot spell `</s>`.
final class SpmCodec implements TextCodec {
  private static final char SPACE = '▁';

  private final Vocabulary vocabulary;
  private final int unknown;
  private final boolean spacePrefix;
  private final int[] ranks;
  private final BitSet beforeSpace; // chars that a piece has before a space
  private final WordCache cache = new WordCache();

  /// @param scores one per piece, no NaN
  /// @param unknown id for a byte that has no token
  SpmCodec(Vocabulary vocabulary, float[] scores, int unknown, boolean spacePrefix) {
    this.vocabulary = vocabulary;
    this.unknown = unknown;
    this.spacePrefix = spacePrefix;
    this.ranks = ranks(scores);
    this.beforeSpace = beforeSpace(vocabulary);
  }

  @Override
  public void encode(String text, boolean first, IntList out) {
    String escaped = (first && spacePrefix ? " " + text : text).replace(' ', SPACE);
    var pieces = new Pieces(escaped);
    for (int start = 0; start < escaped.length(); ) {
      int end = wordEnd(escaped, start);
      if (end - start > WordCache.LENGTH_MAX) {
        pieces.encode(start, end, out);
      } else {
        int slot = WordCache.slot(escaped, start, end);
        if (!cache.get(slot, escaped, start, end, out)) {
          int before = out.size();
          pieces.encode(start, end, out);
          cache.put(slot, escaped.substring(start, end), out.toArray(before));
        }
      }
      start = end;
    }
  }

  /// Where the next space stands that no piece joins to the character before it: what is left and
  /// right of it merges apart, so words can be merged one by one.
  private int wordEnd(String text, int start) {
    int end = text.indexOf(SPACE, start + 1);
    while (end > 0 && (text.charAt(end - 1) == SPACE || beforeSpace.get(text.charAt(end - 1)))) {
      end = text.indexOf(SPACE, end + 1);
    }
    return end < 0 ? text.length() : end;
  }

  private static BitSet beforeSpace(Vocabulary vocabulary) {
    var chars = new BitSet();
    for (int id = 0; id < vocabulary.size(); id++) {
      String piece = vocabulary.piece(id);
      for (int at = piece.indexOf(SPACE, 1); at > 0; at = piece.indexOf(SPACE, at + 1)) {
        chars.set(piece.charAt(at - 1));
      }
    }
    return chars;
  }

  @Override
  public byte[] decode(String piece) {
    return Utf8.encode(piece.replace(SPACE, ' '));
  }

  @Override
  public boolean addsSpacePrefix() {
    return spacePrefix;
  }

  @Override
  public String describe() {
    return "spm";
  }

  private void addBytes(String piece, IntList out) {
    for (byte b : piece.getBytes(StandardCharsets.UTF_8)) {
      int id = vocabulary.byteId(b & 0xff);
      if (id != NONE || unknown != NONE) {
        out.add(id != NONE ? id : unknown);
      }
    }
  }

  /// Highest score first; equal scores share a rank.
  private static int[] ranks(float[] scores) {
    float[] sorted = scores.clone();
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] += 0f; // -0 and 0 are one score
    }
    Arrays.sort(sorted);
    var ranks = new int[scores.length];
    for (int id = 0; id < ranks.length; id++) {
      int at = Arrays.binarySearch(sorted, scores[id] + 0f);
      ranks[id] = at;
    }
    return dense(ranks, sorted);
  }

  /// Turns places in the ascending order into ranks, the highest score's being 0.
  private static int[] dense(int[] places, float[] sorted) {
    var rankOfPlace = new int[sorted.length];
    int rank = 0;
    for (int i = sorted.length - 1; i >= 0; i--) {
      if (i + 1 < sorted.length && sorted[i] != sorted[i + 1]) {
        rank++;
      }
      rankOfPlace[i] = rank;
    }
    var ranks = new int[places.length];
    for (int id = 0; id < ranks.length; id++) {
      ranks[id] = rankOfPlace[places[id]];
    }
    return ranks;
  }

  /// The pieces of one word: at first its characters. Reused from word to word.
  private final class Pieces extends PairMerger {
    private final String text;
    private int[] starts = new int[64];
    private int[] ends = new int[64];

    Pieces(String text) {
      this.text = text;
    }

    void encode(int start, int end, IntList out) {
      merge(splitCharacters(start, end));
      for (int i = 0; i >= 0; i = next(i)) {
        int id = vocabulary.findText(text, starts[i], ends[i]);
        if (id != NONE) {
          out.add(id);
        } else {
          addBytes(text.substring(starts[i], ends[i]), out);
        }
      }
    }

    private int splitCharacters(int start, int end) {
      if (starts.length < end - start) {
        starts = new int[end - start];
        ends = new int[end - start];
      }
      int count = 0;
      for (int at = start; at < end; count++) {
        starts[count] = at;
        at += CharClasses.width(text, at);
        ends[count] = at;
      }
      return count;
    }

    @Override
    int rank(int left, int right) {
      if (ends[right] - starts[left] > vocabulary.pieceLengthMax()) {
        return NO_RANK;
      }
      int id = vocabulary.findText(text, starts[left], ends[right]);
      return id == NONE ? NO_RANK : ranks[id];
    }

    @Override
    void join(int left, int right, int rank) {
      ends[left] = ends[right];
    }
  }
}
