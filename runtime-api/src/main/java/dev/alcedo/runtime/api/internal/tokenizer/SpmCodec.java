// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.Vocabulary.NONE;

import dev.alcedo.runtime.api.internal.gguf.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

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

  /// @param scores one per piece, no NaN
  /// @param unknown id for a byte that has no token
  SpmCodec(Vocabulary vocabulary, float[] scores, int unknown, boolean spacePrefix) {
    this.vocabulary = vocabulary;
    this.unknown = unknown;
    this.spacePrefix = spacePrefix;
    this.ranks = ranks(scores);
  }

  @Override
  public void encode(String text, boolean first, IntList out) {
    String escaped = (first && spacePrefix ? " " + text : text).replace(' ', SPACE);
    var pieces = new Pieces(escaped);
    pieces.merge(pieces.count);
    for (int i = 0; i >= 0; i = pieces.next(i)) {
      String piece = escaped.substring(pieces.starts[i], pieces.ends[i]);
      int id = vocabulary.findText(piece);
      if (id != NONE) {
        out.add(id);
      } else {
        addBytes(piece, out);
      }
    }
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

  /// The pieces of one text: at first its characters.
  private final class Pieces extends PairMerger {
    private final String text;
    private final int[] starts;
    private final int[] ends;
    private final int count;

    Pieces(String text) {
      this.text = text;
      this.count = text.codePointCount(0, text.length());
      this.starts = new int[count];
      this.ends = new int[count];
      int at = 0;
      for (int i = 0; i < count; i++) {
        starts[i] = at;
        at += Character.charCount(text.codePointAt(at));
        ends[i] = at;
      }
    }

    @Override
    int rank(int left, int right) {
      if (ends[right] - starts[left] > vocabulary.pieceLengthMax()) {
        return NO_RANK;
      }
      int id = vocabulary.findText(text.substring(starts[left], ends[right]));
      return id == NONE ? NO_RANK : ranks[id];
    }

    @Override
    void join(int left, int right) {
      ends[left] = ends[right];
    }
  }
}
