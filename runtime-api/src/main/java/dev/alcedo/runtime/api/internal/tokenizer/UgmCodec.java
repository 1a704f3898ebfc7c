// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.Vocabulary.NONE;

import dev.alcedo.runtime.api.internal.gguf.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// SentencePiece's Unigram: of all ways to write a text in pieces, the one with the highest sum of
/// scores (Viterbi's algorithm over the places of the text). Characters without a piece cost more
/// than any piece; runs of them are one unknown token. Text is normalised before, see [CharsMap].
///
/// Differs from llama.cpp in one point: where text begins like a user-defined token, it is left as
/// it is for whole characters only.
final class UgmCodec implements TextCodec {
  private static final char SPACE = '▁';
  private static final double UNKNOWN_PENALTY = 10;

  private final CharsMap charsMap;
  private final NormalizedText.Rules rules;
  private final int unknown;
  private final double unknownScore;
  private final double[] scores;
  private final PieceTrie pieces;
  private final PieceTrie userDefined = new PieceTrie(64);

  /// @param scores one per piece, no NaN
  /// @param unknown id for characters without a piece, or [Vocabulary#NONE] to leave them out
  UgmCodec(
      Vocabulary vocabulary,
      float[] scores,
      int unknown,
      CharsMap charsMap,
      NormalizedText.Rules rules) {
    this.charsMap = charsMap;
    this.rules = rules;
    this.unknown = unknown;
    this.scores = new double[scores.length];
    this.pieces = new PieceTrie(4 * scores.length);
    float lowest = Float.MAX_VALUE;
    for (int id = 0; id < scores.length; id++) {
      TokenType type = vocabulary.type(id);
      if (type == TokenType.NORMAL) {
        lowest = Math.min(lowest, scores[id]);
      }
      if (type == TokenType.NORMAL || type == TokenType.UNUSED || type == TokenType.USER_DEFINED) {
        pieces.add(vocabulary.piece(id), id);
      }
      if (type == TokenType.USER_DEFINED) {
        userDefined.add(vocabulary.piece(id), id);
      } else {
        this.scores[id] = scores[id];
      }
    }
    this.unknownScore = (float) (lowest - UNKNOWN_PENALTY);
  }

  @Override
  public void encode(String text, boolean first, IntList out) {
    String normalized = normalize(text);
    if (!normalized.isEmpty()) {
      new Lattice(normalized).best(out);
    }
  }

  @Override
  public byte[] decode(String piece) {
    return Utf8.encode(piece.replace(SPACE, ' '));
  }

  @Override
  public boolean addsSpacePrefix() {
    return rules.addsSpacePrefix();
  }

  @Override
  public String describe() {
    return "ugm";
  }

  private String normalize(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    var out = new NormalizedText(rules, utf8.length + 16);
    int at = 0;
    for (int i = 0; at < utf8.length; ) {
      int kept = userDefinedLength(text, i);
      if (kept == 0) {
        CharsMap.Match match = charsMap.find(utf8, at);
        if (match.length() > 0) {
          charsMap.replace(match, out);
          int end = characterEnd(utf8, at + match.length());
          i += charsBetween(utf8, at, end);
          at = end;
          continue;
        }
        kept = CharClasses.width(text, i);
      }
      i += kept;
      for (int chars = 0; chars < kept; ) {
        int end = characterEnd(utf8, at + 1);
        chars += charsBetween(utf8, at, end);
        for (; at < end; at++) {
          out.add(utf8[at]);
        }
      }
    }
    return out.toString();
  }

  /// How many chars of `text` at `start` are the beginning of a user-defined token.
  private int userDefinedLength(String text, int start) {
    int node = PieceTrie.ROOT;
    int at = start;
    while (at < text.length()) {
      node = userDefined.child(node, text.charAt(at));
      if (node == PieceTrie.NONE) {
        break;
      }
      at++;
    }
    return at > start && Character.isHighSurrogate(text.charAt(at - 1))
        ? at - 1 - start
        : at - start;
  }

  /// The first place from `at` on where a character of UTF-8 begins.
  private static int characterEnd(byte[] utf8, int at) {
    int end = at;
    while (end < utf8.length && (utf8[end] & 0xc0) == 0x80) {
      end++;
    }
    return end;
  }

  /// How many chars of UTF-16 a part of UTF-8 has.
  private static int charsBetween(byte[] utf8, int start, int end) {
    int chars = 0;
    for (int i = start; i < end; i++) {
      chars += (utf8[i] & 0xc0) == 0x80 ? 0 : (utf8[i] & 0xf8) == 0xf0 ? 2 : 1;
    }
    return chars;
  }

  /// The best way to each place of one text.
  private final class Lattice {
    private final String text;
    private final double[] best;
    private final int[] ids;
    private final int[] starts;

    Lattice(String text) {
      this.text = text;
      best = new double[text.length() + 1];
      ids = new int[best.length];
      starts = new int[best.length];
      Arrays.fill(best, -Double.MAX_VALUE);
      best[0] = 0;
    }

    void best(IntList out) {
      for (int at = 0; at < text.length(); at += CharClasses.width(text, at)) {
        reachFrom(at);
      }
      var found = new IntList();
      boolean wasUnknown = false;
      for (int at = text.length(); at > 0; at = starts[at]) {
        boolean isUnknown = ids[at] == NONE;
        if (!isUnknown) {
          found.add(ids[at]);
        } else if (!wasUnknown && unknown != NONE) {
          found.add(unknown);
        }
        wasUnknown = isUnknown;
      }
      for (int i = found.size() - 1; i >= 0; i--) {
        out.add(found.get(i));
      }
    }

    private void reachFrom(int start) {
      int width = CharClasses.width(text, start);
      boolean isKnown = false;
      int node = PieceTrie.ROOT;
      for (int at = start; at < text.length(); at++) {
        node = pieces.child(node, text.charAt(at));
        if (node == PieceTrie.NONE) {
          break;
        }
        int id = pieces.id(node);
        if (id != PieceTrie.NONE) {
          isKnown |= at + 1 - start == width;
          reach(start, at + 1, id, scores[id]);
        }
      }
      if (!isKnown) {
        reach(start, start + width, NONE, unknownScore);
      }
    }

    private void reach(int start, int end, int id, double score) {
      double sum = best[start] + score;
      if (sum > best[end]) {
        best[end] = sum;
        ids[end] = id;
        starts[end] = start;
      }
    }
  }
}
