// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

/// A trie of pieces, by UTF-16 code unit: finds all pieces that begin at a place of a text in one
/// walk. Adding only.
final class PieceTrie {
  /// Where every walk begins.
  static final int ROOT = 0;

  /// No such node, or no piece ends at one.
  static final int NONE = -1;

  private final LongIntMap edges;
  private final IntList ids = new IntList();

  /// @param expected about how many code units all pieces have together
  PieceTrie(int expected) {
    edges = new LongIntMap(expected);
    ids.add(NONE);
  }

  /// Adds a piece, which was not there before.
  void add(String piece, int id) {
    int node = ROOT;
    for (int i = 0; i < piece.length(); i++) {
      int child = child(node, piece.charAt(i));
      if (child == NONE) {
        child = ids.size();
        ids.add(NONE);
        edges.putIfAbsent(edge(node, piece.charAt(i)), child);
      }
      node = child;
    }
    ids.set(node, id);
  }

  /// The node behind `node` for a code unit, or [#NONE].
  int child(int node, char c) {
    return edges.get(edge(node, c));
  }

  /// The piece that ends at a node, or [#NONE].
  int id(int node) {
    return ids.get(node);
  }

  private static long edge(int node, char c) {
    return (long) node << 16 | c;
  }
}
