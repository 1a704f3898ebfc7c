// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.grammar;

import java.util.Arrays;

/// Where one answer is in its grammar. One thread at a time: the engine's.
public final class Constraint {
  private final Grammar grammar;
  private final TokenTrie trie;
  private Position position;
  private boolean dropsSpace;

  Constraint(Grammar grammar, TokenTrie trie, boolean dropsSpace) {
    this.grammar = grammar;
    this.trie = trie;
    this.position = grammar.start();
    this.dropsSpace = dropsSpace;
  }

  /// Whether a token may be next.
  ///
  /// @throws dev.alcedo.runtime.api.InvalidRequestException if the grammar is too ambiguous
  public boolean allows(int id) {
    if (Arrays.stream(trie.endIds()).anyMatch(end -> end == id)) {
      return position.canEnd();
    }
    return grammar.next(position, id, dropsSpace) != Position.NOWHERE;
  }

  /// The tokens that may be next: bit `id % 64` of word `id / 64`. Not to be changed.
  ///
  /// @throws dev.alcedo.runtime.api.InvalidRequestException if the grammar is too ambiguous
  public long[] mask() {
    return grammar.mask(position, dropsSpace);
  }

  /// Goes on behind a token, which must be allowed and no end token.
  ///
  /// @throws IllegalArgumentException if it is not allowed
  public void accept(int id) {
    Position next = grammar.next(position, id, dropsSpace);
    if (next == Position.NOWHERE) {
      throw new IllegalArgumentException("token %d is not allowed here".formatted(id));
    }
    position = next;
    dropsSpace = false;
  }

  /// Whether the text is whole and nothing can follow.
  public boolean isComplete() {
    return position.canEnd() && !position.canGoOn();
  }
}
