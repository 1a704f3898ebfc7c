// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import dev.alcedo.runtime.api.internal.template.jinja.Token.Kind;
import java.util.List;

/// The tokens of a template, one after the other. Counts how deep the parser is in them.
final class TokenStream {
  private final Run run;
  private final List<Token> tokens;
  private final int nestingMax;
  private int at;
  private int nesting;

  TokenStream(Run run, List<Token> tokens, int nestingMax) {
    this.run = run;
    this.tokens = tokens;
    this.nestingMax = nestingMax;
  }

  Token current() {
    return tokens.get(at);
  }

  Token next() {
    Token token = tokens.get(at);
    if (at < tokens.size() - 1) {
      at++;
    }
    return token;
  }

  boolean isName(String name) {
    return current().is(Kind.NAME, name);
  }

  boolean isOperator(String operator) {
    return current().is(Kind.OPERATOR, operator);
  }

  /// Whether the token after this one is the name.
  boolean isNextName(String name) {
    return at + 1 < tokens.size() && tokens.get(at + 1).is(Kind.NAME, name);
  }

  /// Whether the token after this one is the operator.
  boolean isNextOperator(String operator) {
    return at + 1 < tokens.size() && tokens.get(at + 1).is(Kind.OPERATOR, operator);
  }

  boolean skipName(String name) {
    boolean isThere = isName(name);
    if (isThere) {
      next();
    }
    return isThere;
  }

  boolean skipOperator(String operator) {
    boolean isThere = isOperator(operator);
    if (isThere) {
      next();
    }
    return isThere;
  }

  Token expect(Kind kind, String what) {
    if (current().kind() != kind) {
      throw expected(what);
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw expected("'" + operator + "'");
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw expected("'" + name + "'");
    }
  }

  /// What to throw where something else should stand.
  RuntimeException expected(String what) {
    return fail("expected %s, got %s".formatted(what, current().describe()));
  }

  RuntimeException fail(String problem) {
    run.at(current().line());
    return run.fail(problem);
  }

  void enter() {
    if (++nesting > nestingMax) {
      run.at(current().line());
      throw run.beyond("%d brackets and blocks inside one another".formatted(nestingMax));
    }
  }

  void leave() {
    nesting--;
  }
}
