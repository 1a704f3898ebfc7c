// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import dev.alcedo.runtime.api.internal.template.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads expressions, with Jinja2's own precedence.
final class ExprParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  private final TokenStream tokens;
  private Set<String> names = new HashSet<>();

  ExprParser(TokenStream tokens) {
    this.tokens = tokens;
  }

  /// The names read from here on; returns those collected before.
  Set<String> collectNames(Set<String> into) {
    Set<String> before = names;
    names = into;
    return before;
  }

  /// A value, or several with commas, which are a tuple.
  Expr tuple(boolean withConditional) {
    Expr first = withConditional ? expression() : either();
    if (!tokens.isOperator(",")) {
      return first;
    }
    List<Expr> items = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",")) {
      if (isTupleEnd()) {
        break;
      }
      items.add(withConditional ? expression() : either());
    }
    return new Expr.SequenceLiteral(items, true);
  }

  private boolean isTupleEnd() {
    Kind kind = tokens.current().kind();
    return kind == Kind.PRINT_END
        || kind == Kind.BLOCK_END
        || tokens.isOperator(")")
        || tokens.isOperator("=")
        || tokens.isName("in")
        || tokens.isName("recursive");
  }

  /// `a if b else c`.
  Expr expression() {
    tokens.enter();
    Expr value = either();
    while (tokens.skipName("if")) {
      Expr condition = either();
      Expr otherwise = tokens.skipName("else") ? expression() : null;
      value = new Expr.Conditional(condition, value, otherwise);
    }
    tokens.leave();
    return value;
  }

  /// `a or b`.
  Expr either() {
    Expr left = both();
    while (tokens.skipName("or")) {
      left = new Expr.Either(left, both());
    }
    return left;
  }

  private Expr both() {
    Expr left = not();
    while (tokens.skipName("and")) {
      left = new Expr.Both(left, not());
    }
    return left;
  }

  private Expr not() {
    if (!tokens.isName("not")) {
      return comparison();
    }
    tokens.enter();
    tokens.next();
    Expr operand = not();
    tokens.leave();
    return new Expr.Not(operand);
  }

  private Expr comparison() {
    int line = tokens.current().line();
    Expr first = sum();
    List<String> operators = new ArrayList<>();
    List<Expr> others = new ArrayList<>();
    while (true) {
      Token token = tokens.current();
      if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
        tokens.next();
        operators.add(token.text());
      } else if (tokens.skipName("in")) {
        operators.add("in");
      } else if (tokens.isName("not") && tokens.isNextName("in")) {
        tokens.next();
        tokens.next();
        operators.add("not in");
      } else {
        return operators.isEmpty() ? first : new Expr.Comparison(line, first, operators, others);
      }
      others.add(sum());
    }
  }

  private Expr sum() {
    Expr left = concat();
    while (tokens.isOperator("+") || tokens.isOperator("-")) {
      Token operator = tokens.next();
      left = new Expr.Binary(operator.line(), operator.text(), left, concat());
    }
    return left;
  }

  private Expr concat() {
    int line = tokens.current().line();
    Expr first = product();
    if (!tokens.isOperator("~")) {
      return first;
    }
    List<Expr> parts = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return new Expr.Concat(line, parts);
  }

  private Expr product() {
    Expr left = power();
    while (tokens.isOperator("*")
        || tokens.isOperator("/")
        || tokens.isOperator("//")
        || tokens.isOperator("%")) {
      Token operator = tokens.next();
      left = new Expr.Binary(operator.line(), operator.text(), left, power());
    }
    return left;
  }

  private Expr power() {
    Expr left = unary(true);
    while (tokens.isOperator("**")) {
      Token operator = tokens.next();
      left = new Expr.Binary(operator.line(), operator.text(), left, unary(true));
    }
    return left;
  }

  private Expr unary(boolean withFilters) {
    Expr value;
    if (tokens.isOperator("-") || tokens.isOperator("+")) {
      tokens.enter();
      Token operator = tokens.next();
      value = new Expr.Unary(operator.line(), operator.text(), unary(false));
      tokens.leave();
    } else {
      value = primary();
    }
    value = postfix(value);
    return withFilters ? filters(value) : value;
  }

  private Expr primary() {
    Token token = tokens.current();
    switch (token.kind()) {
      case NAME -> {
        tokens.next();
        return name(token);
      }
      case STRING -> {
        var text = new StringBuilder();
        while (tokens.current().kind() == Kind.STRING) {
          text.append(tokens.next().text());
        }
        return new Expr.Literal(Text.written(text.toString()));
      }
      case INTEGER -> {
        tokens.next();
        return new Expr.Literal(new Value.Int(Long.parseLong(token.text())));
      }
      case FLOAT -> {
        tokens.next();
        return new Expr.Literal(new Value.Real(Double.parseDouble(token.text())));
      }
      default -> {
        tokens.enter();
        Expr value = bracketed(token);
        tokens.leave();
        return value;
      }
    }
  }

  private Expr name(Token token) {
    return switch (token.text()) {
      case "true", "True" -> new Expr.Literal(Value.Bool.TRUE);
      case "false", "False" -> new Expr.Literal(Value.Bool.FALSE);
      case "none", "None" -> new Expr.Literal(Value.None.NONE);
      default -> {
        names.add(token.text());
        yield new Expr.Name(token.text());
      }
    };
  }

  private Expr bracketed(Token token) {
    if (tokens.skipOperator("(")) {
      if (tokens.skipOperator(")")) {
        return new Expr.SequenceLiteral(List.of(), true);
      }
      Expr value = tuple(true);
      tokens.expectOperator(")");
      return value;
    }
    if (tokens.skipOperator("[")) {
      List<Expr> items = new ArrayList<>();
      while (!tokens.skipOperator("]")) {
        if (!items.isEmpty()) {
          tokens.expectOperator(",");
          if (tokens.skipOperator("]")) {
            break;
          }
        }
        items.add(expression());
      }
      return new Expr.SequenceLiteral(items, false);
    }
    if (tokens.skipOperator("{")) {
      return dict();
    }
    throw tokens.fail("expected a value, got " + token.describe());
  }

  private Expr dict() {
    List<Expr> keys = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (!tokens.skipOperator("}")) {
      if (!keys.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.skipOperator("}")) {
          break;
        }
      }
      keys.add(expression());
      tokens.expectOperator(":");
      values.add(expression());
    }
    return new Expr.DictLiteral(keys, values);
  }

  private Expr postfix(Expr start) {
    Expr value = start;
    while (true) {
      int line = tokens.current().line();
      if (tokens.skipOperator(".")) {
        Token name = tokens.current();
        if (name.kind() == Kind.INTEGER) {
          tokens.next();
          value =
              new Expr.Item(
                  line, value, new Expr.Literal(new Value.Int(Long.parseLong(name.text()))));
        } else {
          value =
              new Expr.Attribute(line, value, tokens.expect(Kind.NAME, "a name after '.'").text());
        }
      } else if (tokens.skipOperator("[")) {
        tokens.enter();
        value = subscript(line, value);
        tokens.leave();
      } else if (tokens.isOperator("(")) {
        value = new Expr.Call(line, value, arguments());
      } else {
        return value;
      }
    }
  }

  private Expr subscript(int line, Expr object) {
    Expr first = tokens.isOperator(":") ? null : expression();
    if (first != null && tokens.isOperator(",")) {
      List<Expr> items = new ArrayList<>(List.of(first));
      while (tokens.skipOperator(",")) {
        items.add(expression());
      }
      first = new Expr.SequenceLiteral(items, true);
    }
    if (first != null && tokens.skipOperator("]")) {
      return new Expr.Item(line, object, first);
    }
    tokens.expectOperator(":");
    Expr stop = tokens.isOperator(":") || tokens.isOperator("]") ? null : expression();
    Expr step = null;
    if (tokens.skipOperator(":") && !tokens.isOperator("]")) {
      step = expression();
    }
    tokens.expectOperator("]");
    return new Expr.Slice(line, object, first, stop, step);
  }

  /// What stands in brackets behind a function.
  Expr.Arguments arguments() {
    tokens.expectOperator("(");
    tokens.enter();
    List<Expr> positional = new ArrayList<>();
    List<String> argumentNames = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    @Nullable Expr rest = null;
    @Nullable Expr namedRest = null;
    boolean isFirst = true;
    while (!tokens.skipOperator(")")) {
      if (!isFirst) {
        tokens.expectOperator(",");
        if (tokens.skipOperator(")")) {
          break;
        }
      }
      isFirst = false;
      if (rest == null && tokens.skipOperator("*")) {
        rest = expression();
      } else if (namedRest == null && tokens.skipOperator("**")) {
        namedRest = expression();
      } else if (tokens.current().kind() == Kind.NAME && tokens.isNextOperator("=")) {
        argumentNames.add(tokens.next().text());
        tokens.next();
        values.add(expression());
      } else if (argumentNames.isEmpty() && rest == null && namedRest == null) {
        positional.add(expression());
      } else {
        throw tokens.fail("positional arguments come before named ones");
      }
    }
    tokens.leave();
    return new Expr.Arguments(positional, argumentNames, values, rest, namedRest);
  }

  private Expr filters(Expr start) {
    Expr value = start;
    while (true) {
      if (tokens.isOperator("|")) {
        value = filter(value);
      } else if (tokens.isName("is")) {
        value = test(value);
      } else if (tokens.isOperator("(")) {
        // Filters may give functions; Jinja2 allows the call.
        value = new Expr.Call(tokens.current().line(), value, arguments());
      } else {
        return value;
      }
    }
  }

  /// `| NAME(...)`, on nothing in `filter` blocks.
  Expr.Filter filter(@Nullable Expr input) {
    tokens.expectOperator("|");
    return filterName(input);
  }

  /// `NAME(...)`.
  Expr.Filter filterName(@Nullable Expr input) {
    Token name = tokens.expect(Kind.NAME, "the name of a filter");
    Expr.Arguments arguments = tokens.isOperator("(") ? arguments() : Expr.Arguments.NONE;
    return new Expr.Filter(name.line(), input, name.text(), arguments);
  }

  private Expr test(Expr input) {
    tokens.expectName("is");
    boolean isNegated = tokens.skipName("not");
    Token name = tokens.expect(Kind.NAME, "the name of a test");
    Expr.Arguments arguments = Expr.Arguments.NONE;
    if (tokens.isOperator("(")) {
      arguments = arguments();
    } else if (isTestArgument()) {
      tokens.enter();
      Expr argument = postfix(primary());
      tokens.leave();
      arguments = new Expr.Arguments(List.of(argument), List.of(), List.of(), null, null);
    }
    return new Expr.Test(name.line(), input, name.text(), arguments, isNegated);
  }

  private boolean isTestArgument() {
    Token token = tokens.current();
    return switch (token.kind()) {
      case STRING, INTEGER, FLOAT -> true;
      case NAME ->
          switch (token.text()) {
            case "else", "or", "and", "if", "is", "in", "not", "recursive" -> false;
            default -> true;
          };
      case OPERATOR -> token.text().equals("[") || token.text().equals("{");
      default -> false;
    };
  }
}
