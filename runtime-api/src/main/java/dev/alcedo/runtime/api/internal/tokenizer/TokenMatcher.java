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
  private static final int ROOT = 0;

  private final Vocabulary vocabulary;
  private final LongIntMap edges = new LongIntMap(64);
  private final IntList tokenAt = new IntList();
  private final IntList byteLengths = new IntList();
  private final BitSet swallowsSpace;

  /// Takes in tokens of `vocabulary`.
  ///
  /// @param spelled ids to find: those of user-defined tokens everywhere, others in trusted text
  /// @param swallowsSpace ids that also take the white space behind them
  TokenMatcher(Vocabulary vocabulary, BitSet spelled, BitSet swallowsSpace) {
    this.vocabulary = vocabulary;
    this.swallowsSpace = swallowsSpace;
    newNode();
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
        int length = scan(start);
        if (length > 0) {
          starts.add(start);
          longest.add(length);
        }
      }
    }

    /// Notes the lengths of the tokens that begin at `start`; answers the longest, or 0.
    private int scan(int start) {
      int length = 0;
      int node = ROOT;
      for (int at = start; at < text.length(); at++) {
        node = edges.get(edge(node, text.charAt(at)));
        if (node < 0) {
          break;
        }
        if (isToken(node, start, at + 1)) {
          length = byteLengths.get(node);
          lengths.add(length);
        }
      }
      return length;
    }

    private boolean isToken(int node, int start, int end) {
      int id = tokenAt.get(node);
      return id >= 0
          && (vocabulary.type(id) == TokenType.USER_DEFINED || trust.isTrusted(start, end));
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
      int node = ROOT;
      for (int at = start; at < limit; at++) {
        node = edges.get(edge(node, text.charAt(at)));
        if (node < 0) {
          return false;
        }
        if (byteLengths.get(node) == length && isToken(node, start, at + 1)) {
          take(start, at + 1, limit, tokenAt.get(node));
          return true;
        }
      }
      return false;
    }

    private void take(int start, int end, int limit, int id) {
      tokens.putIfAbsent(start, id);
      tokenStarts.set(start);
      int stop = end;
      while (swallowsSpace.get(id) && stop < limit && isSpace(text.charAt(stop))) {
        stop++;
      }
      claimed.set(start, stop);
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
    int node = ROOT;
    for (int i = 0; i < piece.length(); i++) {
      int child = edges.get(edge(node, piece.charAt(i)));
      if (child < 0) {
        child = newNode();
        edges.putIfAbsent(edge(node, piece.charAt(i)), child);
      }
      node = child;
    }
    tokenAt.set(node, id);
    byteLengths.set(node, piece.getBytes(StandardCharsets.UTF_8).length);
  }

  private int newNode() {
    tokenAt.add(-1);
    byteLengths.add(0);
    return tokenAt.size() - 1;
  }

  private static long edge(int node, char c) {
    return (long) node << 16 | c;
  }
}
