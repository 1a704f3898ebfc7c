// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.grammar;

import java.util.List;

/// What the right side of a grammar's rule consists of.
sealed interface Expr {
  /// One character.
  ///
  /// @param ranges of code points, first and last of each
  record Characters(List<Range> ranges) implements Expr {}

  /// Code points `first` to `last`.
  record Range(int first, int last) {}

  /// All of them, in order; none is the empty text.
  record Sequence(List<Expr> parts) implements Expr {}

  /// Any one of them.
  record Choice(List<Expr> options) implements Expr {}

  /// `min` to `max` times; [#ENDLESS] sets no limit.
  record Repeat(Expr part, int min, int max) implements Expr {
    static final int ENDLESS = -1;
  }

  /// What another rule says.
  record Call(String rule) implements Expr {}
}
