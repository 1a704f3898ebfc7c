// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.grammar;

import java.util.LinkedHashMap;
import java.util.Map;

/// A compiled grammar on one vocabulary: which tokens may follow, with the masks that were asked
/// for last. One thread at a time: the engine's.
final class Grammar {
  private static final long MASK_BYTES_MAX = 4L << 20;

  private final Automaton automaton;
  private final TokenTrie trie;
  private final int maskCountMax;
  private final Map<MaskKey, long[]> masks = new LinkedHashMap<>(16, 0.75f, true);
  private final Position[] path;
  private int clearedCount;

  private record MaskKey(Position position, boolean dropsSpace) {}

  Grammar(Network network, TokenTrie trie) {
    this.automaton = new Automaton(network);
    this.trie = trie;
    this.maskCountMax = (int) Math.max(16, MASK_BYTES_MAX / (8L * words(trie)));
    this.path = new Position[trie.depthMax() + 1];
  }

  private static int words(TokenTrie trie) {
    return (trie.vocabSize() + 63) >> 6;
  }

  /// Where answers begin.
  Position start() {
    return automaton.start();
  }

  /// Where a token leads.
  ///
  /// @param dropsSpace whether a first space of it is not shown
  /// @return [Position#NOWHERE] if it cannot follow
  Position next(Position from, int id, boolean dropsSpace) {
    byte[] bytes = trie.bytes(id);
    int skipped = dropsSpace && bytes.length > 0 && bytes[0] == ' ' ? 1 : 0;
    if (bytes.length == skipped) {
      return Position.NOWHERE;
    }
    automaton.begin();
    Position position = from;
    for (int i = skipped; i < bytes.length && position != Position.NOWHERE; i++) {
      position = automaton.next(position, bytes[i]);
    }
    return position;
  }

  /// Steps that the last call took.
  int work() {
    return automaton.work();
  }

  /// The tokens that may follow, a bit for each; end tokens where the text can end. Not to be
  /// changed.
  long[] mask(Position from, boolean dropsSpace) {
    var key = new MaskKey(from, dropsSpace);
    automaton.begin();
    if (clearedCount != automaton.clearedCount()) {
      clearedCount = automaton.clearedCount();
      masks.clear();
    }
    long[] mask = masks.get(key);
    if (mask == null) {
      mask = compute(from, dropsSpace);
      masks.put(key, mask);
      if (masks.size() > maskCountMax) {
        masks.remove(masks.keySet().iterator().next());
      }
    }
    return mask;
  }

  private long[] compute(Position from, boolean dropsSpace) {
    long[] mask = new long[words(trie)];
    int node = 0;
    while (dropsSpace && node < trie.nodeCount()) {
      // Token by first byte; below a first space, as if it were not there.
      boolean isSpace = trie.label(node) == ' ';
      walk(from, isSpace ? node + 1 : node, trie.end(node), isSpace ? 1 : 0, mask);
      node = trie.end(node);
    }
    walk(from, node, trie.nodeCount(), 0, mask);
    if (from.canEnd()) {
      for (int id : trie.endIds()) {
        mask[id >> 6] |= 1L << id;
      }
    }
    return mask;
  }

  private void walk(Position from, int first, int end, int skipped, long[] mask) {
    path[skipped] = from;
    int node = first;
    while (node < end) {
      int depth = trie.depth(node);
      Position next = automaton.next(path[depth], trie.label(node));
      if (next == Position.NOWHERE) {
        node = trie.end(node);
      } else {
        trie.mark(node, mask);
        path[depth + 1] = next;
        node++;
      }
    }
  }
}
