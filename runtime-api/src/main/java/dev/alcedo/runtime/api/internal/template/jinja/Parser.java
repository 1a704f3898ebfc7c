// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import dev.alcedo.runtime.api.internal.template.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads the statements of a template.
final class Parser {
  private static final String KNOWN_TAGS =
      "if, for, set, macro, call, filter, with, do, generation, break, continue, raw";

  private final TokenStream tokens;
  private final ExprParser expressions;
  private int loops;

  private Parser(TokenStream tokens) {
    this.tokens = tokens;
    this.expressions = new ExprParser(tokens);
  }

  static List<Stmt> parse(Run run, String source, Limits limits) {
    var tokens = new TokenStream(run, Lexer.tokens(run, source), limits.nesting());
    List<Stmt> body = new Parser(tokens).body();
    if (tokens.current().kind() != Kind.END) {
      throw tokens.fail("a tag that closes nothing: " + tokens.current().describe());
    }
    return body;
  }

  /// Statements up to one of the tags, of which the name is the current token then.
  private List<Stmt> body(String... endTags) {
    List<Stmt> body = new ArrayList<>();
    tokens.enter();
    int line = tokens.current().line();
    while (true) {
      Token token = tokens.current();
      switch (token.kind()) {
        case DATA -> {
          tokens.next();
          body.add(new Stmt.Data(Text.written(token.text())));
        }
        case PRINT_BEGIN -> {
          tokens.next();
          body.add(new Stmt.Print(token.line(), expressions.tuple(true)));
          tokens.expect(Kind.PRINT_END, "'}}'");
        }
        case BLOCK_BEGIN -> {
          tokens.next();
          for (String tag : endTags) {
            if (tokens.isName(tag)) {
              tokens.leave();
              return body;
            }
          }
          body.add(statement());
        }
        default -> {
          if (endTags.length > 0) {
            throw tokens.fail(
                "a block begun in line %d without '{%% %s %%}'"
                    .formatted(line, endTags[endTags.length - 1]));
          }
          tokens.leave();
          return body;
        }
      }
    }
  }

  private Stmt statement() {
    Token tag = tokens.expect(Kind.NAME, "the name of a tag");
    int line = tag.line();
    return switch (tag.text()) {
      case "if" -> conditional(line);
      case "for" -> loop(line);
      case "set" -> set(line);
      case "macro" -> macro(line);
      case "call" -> callBlock(line);
      case "filter" -> filterBlock(line);
      case "with" -> with(line);
      case "do" -> closed(new Stmt.Do(line, expressions.tuple(true)));
      case "generation" -> {
        endTag();
        List<Stmt> body = body("endgeneration");
        tokens.next();
        yield closed(new Stmt.Group(body));
      }
      case "break", "continue" -> {
        if (loops == 0) {
          throw tokens.fail("'%s' outside of a loop".formatted(tag.text()));
        }
        yield closed(tag.text().equals("break") ? new Stmt.Break() : new Stmt.Continue());
      }
      case "include", "import", "from", "extends", "block" ->
          throw tokens.fail(
              "tag '%s': a chat template is one file and reaches no others".formatted(tag.text()));
      default ->
          throw tokens.fail(
              "unknown tag '%s'; known: %s".formatted(Shown.name(tag.text()), KNOWN_TAGS));
    };
  }

  private void endTag() {
    tokens.expect(Kind.BLOCK_END, "'%}'");
  }

  private <S extends Stmt> S closed(S statement) {
    endTag();
    return statement;
  }

  private Stmt conditional(int line) {
    List<Expr> conditions = new ArrayList<>();
    List<List<Stmt>> bodies = new ArrayList<>();
    conditions.add(expressions.tuple(false));
    endTag();
    while (true) {
      bodies.add(
          bodies.size() == conditions.size() ? body("endif") : body("elif", "else", "endif"));
      if (tokens.skipName("elif")) {
        conditions.add(expressions.tuple(false));
        endTag();
      } else if (tokens.skipName("else")) {
        endTag();
        bodies.add(body("endif"));
        tokens.next();
        return closed(new Stmt.If(line, conditions, bodies));
      } else {
        tokens.next();
        return closed(new Stmt.If(line, conditions, bodies));
      }
    }
  }

  private Stmt loop(int line) {
    Stmt.Target target = targets(false);
    tokens.expectName("in");
    Expr items = expressions.tuple(false);
    Expr condition = tokens.skipName("if") ? expressions.expression() : null;
    boolean isRecursive = tokens.skipName("recursive");
    endTag();
    loops++;
    List<Stmt> body = body("else", "endfor");
    loops--;
    List<Stmt> otherwise = List.of();
    if (tokens.skipName("else")) {
      endTag();
      otherwise = body("endfor");
    }
    tokens.next();
    return closed(new Stmt.For(line, target, items, condition, body, otherwise, isRecursive));
  }

  /// A name, an attribute of a namespace, or several with commas.
  private Stmt.Target targets(boolean withAttributes) {
    Stmt.Target first = target(withAttributes);
    if (!tokens.isOperator(",")) {
      return first;
    }
    List<Stmt.Target> all = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",")) {
      if (tokens.isOperator("=") || tokens.isName("in") || tokens.isOperator(")")) {
        break;
      }
      all.add(target(withAttributes));
    }
    return new Stmt.Target.Several(all);
  }

  private Stmt.Target target(boolean withAttributes) {
    if (tokens.skipOperator("(")) {
      tokens.enter();
      Stmt.Target inner = targets(withAttributes);
      tokens.leave();
      tokens.expectOperator(")");
      return inner;
    }
    String name = tokens.expect(Kind.NAME, "a name").text();
    switch (name) {
      case "true", "false", "none", "True", "False", "None" ->
          throw tokens.fail("cannot assign to '%s'".formatted(name));
      default -> {}
    }
    if (withAttributes && tokens.skipOperator(".")) {
      return new Stmt.Target.Attribute(name, tokens.expect(Kind.NAME, "a name").text());
    }
    return new Stmt.Target.Name(name);
  }

  private Stmt set(int line) {
    Stmt.Target target = targets(true);
    if (tokens.skipOperator("=")) {
      return closed(new Stmt.Set(line, target, expressions.tuple(true)));
    }
    List<Expr.Filter> filters = new ArrayList<>();
    while (tokens.isOperator("|")) {
      filters.add(expressions.filter(null));
    }
    endTag();
    List<Stmt> body = body("endset");
    tokens.next();
    return closed(new Stmt.SetBlock(line, target, filters, body));
  }

  private Stmt macro(int line) {
    String name = tokens.expect(Kind.NAME, "the name of a macro").text();
    List<String> parameters = new ArrayList<>();
    List<Expr> defaults = new ArrayList<>();
    parameters(parameters, defaults);
    return closed(
        new Stmt.DefineMacro(line, macroBody(line, name, parameters, defaults, "endmacro")));
  }

  /// The end of the opening tag and the body; the current token is behind the name of the closing
  /// tag then.
  private Stmt.Macro macroBody(
      int line, String name, List<String> parameters, List<Expr> defaults, String end) {
    endTag();
    Set<String> names = new HashSet<>();
    Set<String> around = expressions.collectNames(names);
    int loopsAround = loops;
    loops = 0;
    List<Stmt> body = body(end);
    loops = loopsAround;
    expressions.collectNames(around).forEach(around::add);
    tokens.next();
    return new Stmt.Macro(
        line,
        name,
        parameters,
        defaults,
        body,
        names.contains("varargs"),
        names.contains("kwargs"));
  }

  private void parameters(List<String> names, List<Expr> defaults) {
    tokens.expectOperator("(");
    while (!tokens.skipOperator(")")) {
      if (!names.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.skipOperator(")")) {
          return;
        }
      }
      names.add(tokens.expect(Kind.NAME, "the name of a parameter").text());
      if (tokens.skipOperator("=")) {
        defaults.add(expressions.expression());
      } else if (!defaults.isEmpty()) {
        throw tokens.fail("a parameter without a default after one with");
      }
    }
  }

  private Stmt callBlock(int line) {
    List<String> parameters = new ArrayList<>();
    List<Expr> defaults = new ArrayList<>();
    if (tokens.isOperator("(")) {
      parameters(parameters, defaults);
    }
    if (!(expressions.expression() instanceof Expr.Call call)) {
      throw tokens.fail("expected a call after 'call'");
    }
    return closed(
        new Stmt.CallBlock(line, macroBody(line, "caller", parameters, defaults, "endcall"), call));
  }

  private Stmt filterBlock(int line) {
    List<Expr.Filter> filters = new ArrayList<>();
    filters.add(expressions.filterName(null));
    while (tokens.isOperator("|")) {
      filters.add(expressions.filter(null));
    }
    endTag();
    List<Stmt> body = body("endfilter");
    tokens.next();
    return closed(new Stmt.FilterBlock(line, filters, body));
  }

  private Stmt with(int line) {
    List<Stmt.Target> targets = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (tokens.current().kind() != Kind.BLOCK_END) {
      if (!targets.isEmpty()) {
        tokens.expectOperator(",");
      }
      targets.add(target(false));
      tokens.expectOperator("=");
      values.add(expressions.expression());
    }
    endTag();
    List<Stmt> body = body("endwith");
    tokens.next();
    return closed(new Stmt.With(line, targets, values, body));
  }
}
