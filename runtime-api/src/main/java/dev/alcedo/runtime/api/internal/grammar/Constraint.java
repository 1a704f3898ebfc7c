// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.grammar;

import dev.alcedo.runtime.api.InvalidRequestException;
import java.time.Duration;
import java.util.Arrays;

/// Where one answer is in its grammar. One thread at a time: the engine's.
public final class Constraint {
  /// Steps that one answer may take: some seconds of the engine's time, which others wait for.
  private static final long WORK_MAX = 10L * Automaton.WORK_MAX;

  private final Grammar grammar;
  private final TokenTrie trie;
  private Position position;
  private boolean dropsSpace;
  private long work;
  private long nanos;

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
    return next(id) != Position.NOWHERE;
  }

  /// The tokens that may be next: bit `id % 64` of word `id / 64`. Not to be changed.
  ///
  /// @throws dev.alcedo.runtime.api.InvalidRequestException if the grammar is too ambiguous
  public long[] mask() {
    long startNanos = System.nanoTime();
    long[] mask = grammar.mask(position, dropsSpace);
    nanos += System.nanoTime() - startNanos;
    count();
    return mask;
  }

  /// Goes on behind a token, which must be allowed and no end token.
  ///
  /// @throws IllegalArgumentException if it is not allowed
  public void accept(int id) {
    Position next = next(id);
    if (next == Position.NOWHERE) {
      throw new IllegalArgumentException("token %d is not allowed here".formatted(id));
    }
    position = next;
    dropsSpace = false;
  }

  private Position next(int id) {
    long startNanos = System.nanoTime();
    Position next = grammar.next(position, id, dropsSpace);
    nanos += System.nanoTime() - startNanos;
    count();
    return next;
  }

  private void count() {
    work += grammar.work();
    if (work > WORK_MAX) {
      throw new InvalidRequestException(
          "grammar: too ambiguous: more than %d steps for one answer".formatted(WORK_MAX));
    }
  }

  /// How long it took so far to say what may follow.
  public Duration time() {
    return Duration.ofNanos(nanos);
  }

  /// Whether the text is whole and nothing can follow.
  public boolean isComplete() {
    return position.canEnd() && !position.canGoOn();
  }
}
