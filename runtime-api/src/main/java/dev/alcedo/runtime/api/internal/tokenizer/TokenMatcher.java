// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import dev.alcedo.runtime.api.spi.TextTrust;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.TreeSet;

/// Finds special tokens in text: user-defined ones everywhere, control tokens in trusted parts.
/// Longer tokens (in UTF-8 bytes) are found before shorter ones, over the whole text; equally long
/// ones from left to right. That is llama.cpp's order, which searches the text once per token; here
/// a trie finds the places where any token begins, so that the number of tokens does not matter.
final class TokenMatcher {
  private final Vocabulary vocabulary;
  private final PieceTrie trie = new PieceTrie(64);
  private final BitSet firstChars = new BitSet();
  private final IntList ids = new IntList(); // what the trie's numbers stand for
  private final IntList byteLengths = new IntList();
  private final TokenSpaces spaces;

  /// Takes in tokens of `vocabulary`.
  ///
  /// @param spelled ids to find: those of user-defined tokens everywhere, others in trusted text
  /// @param spaces which of them take white space along
  TokenMatcher(Vocabulary vocabulary, BitSet spelled, TokenSpaces spaces) {
    this.vocabulary = vocabulary;
    this.spaces = spaces;
    spelled.stream().forEach(id -> insert(vocabulary.piece(id), id));
  }

  /// Receives the parts of a text in order.
  interface Parts {
    /// The characters `start` (inclusive) to `end` (exclusive): ordinary text, never empty.
    void text(int start, int end);

    /// A special token.
    void token(int id);
  }

  /// Cuts `text` into special tokens and the text between them.
  void split(String text, TextTrust trust, Parts parts) {
    var places = new Places(text, trust);
    if (places.starts.size() > 0) {
      places.claim();
    }
    places.report(parts);
  }

  /// The places of one text where tokens begin, and those that were chosen.
  private final class Places {
    private final String text;
    private final TextTrust trust;
    private final IntList starts = new IntList();
    private final IntList longest = new IntList(); // UTF-8 bytes of the longest token there
    private final TreeSet<Integer> lengths = new TreeSet<>();
    private final BitSet claimed = new BitSet();
    private final BitSet tokenStarts = new BitSet();
    private final LongIntMap tokens = new LongIntMap(16);

    Places(String text, TextTrust trust) {
      this.text = text;
      this.trust = trust;
      for (int start = 0; start < text.length(); start++) {
        int length = firstChars.get(text.charAt(start)) ? scan(start) : 0;
        if (length > 0) {
          starts.add(start);
          longest.add(length);
        }
      }
    }

    /// Notes the lengths of the tokens that begin at `start`; answers the longest, or 0.
    private int scan(int start) {
      int length = 0;
      int node = PieceTrie.ROOT;
      for (int at = start; at < text.length(); at++) {
        node = trie.child(node, text.charAt(at));
        if (node == PieceTrie.NONE) {
          break;
        }
        if (isToken(node, start, at + 1)) {
          length = byteLengths.get(trie.id(node));
          lengths.add(length);
        }
      }
      return length;
    }

    private boolean isToken(int node, int start, int end) {
      int number = trie.id(node);
      return number != PieceTrie.NONE
          && (vocabulary.type(ids.get(number)) == TokenType.USER_DEFINED
              || trust.isTrusted(start, end));
    }

    /// Chooses tokens, longest first. Each round keeps only the places that are still open, so a
    /// text full of one long token is not scanned again for every shorter one.
    void claim() {
      for (int length : lengths.descendingSet()) {
        int kept = 0;
        for (int i = 0; i < starts.size(); i++) {
          int start = starts.get(i);
          if (claimed.get(start)) {
            continue;
          }
          if (longest.get(i) < length || !claim(start, length)) {
            longest.set(kept, longest.get(i));
            starts.set(kept++, start);
          }
        }
        starts.truncate(kept);
        longest.truncate(kept);
      }
    }

    private boolean claim(int start, int length) {
      int limit = openEnd(start);
      int node = PieceTrie.ROOT;
      for (int at = start; at < limit; at++) {
        node = trie.child(node, text.charAt(at));
        if (node == PieceTrie.NONE) {
          return false;
        }
        if (isToken(node, start, at + 1) && byteLengths.get(trie.id(node)) == length) {
          take(start, at + 1, limit, ids.get(trie.id(node)));
          return true;
        }
      }
      return false;
    }

    private void take(int start, int end, int limit, int id) {
      int from = start;
      while (spaces.before().get(id) && isOpenSpace(from - 1)) {
        from--;
      }
      int stop = end;
      while (spaces.after().get(id) && stop < limit && isSpace(text.charAt(stop))) {
        stop++;
      }
      tokens.putIfAbsent(from, id);
      tokenStarts.set(from);
      claimed.set(from, stop);
    }

    private boolean isOpenSpace(int at) {
      return at >= 0 && !claimed.get(at) && isSpace(text.charAt(at));
    }

    private int openEnd(int start) {
      int end = claimed.nextSetBit(start);
      return end < 0 ? text.length() : end;
    }

    void report(Parts parts) {
      int at = 0;
      while (at < text.length()) {
        if (!claimed.get(at)) {
          int end = openEnd(at);
          parts.text(at, end);
          at = end;
          continue;
        }
        parts.token(tokens.get(at));
        at = Math.min(nextToken(at + 1), claimed.nextClearBit(at));
      }
    }

    private int nextToken(int from) {
      int start = tokenStarts.nextSetBit(from);
      return start < 0 ? text.length() : start;
    }
  }

  /// What C's `isspace` says of a byte.
  private static boolean isSpace(char c) {
    return c == ' ' || c >= '\t' && c <= '\r';
  }

  private void insert(String piece, int id) {
    trie.add(piece, ids.size());
    ids.add(id);
    byteLengths.add(piece.getBytes(StandardCharsets.UTF_8).length);
    firstChars.set(piece.charAt(0));
  }
}
