// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrammarTest {
  private static final ByteVocabulary PLAIN =
      new ByteVocabulary(false, "ab", "abc", "a", " a", "ä", "äb", "\"a\": ", "}}", "  ");

  private static Constraint of(String grammar) {
    return new Grammars(PLAIN).constraint(grammar, PLAIN::decoder);
  }

  /// Whether the whole text can be written byte by byte.
  private static boolean matches(String grammar, String text) {
    Constraint constraint = of(grammar);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (!constraint.allows(b & 0xFF)) {
        return false;
      }
      constraint.accept(b & 0xFF);
    }
    return constraint.allows(PLAIN.end());
  }

  /// Each row: the body of root, texts that it allows, texts that it does not, by commas; `¶`
  /// stands for a line's end.
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "\"yes\" | \"no\"~yes,no~y,yesno,x",
        "\"a\"*~`,a,aaaa`~b,ab",
        "\"a\"+~a,aaa~`,b`",
        "\"a\"? \"b\"~b,ab~a,aab",
        "\"a\"{3}~aaa~aa,aaaa",
        "\"a\"{2,}~aa,aaaaa~a",
        "\"a\"{0,2} \"b\"~b,ab,aab~aaab",
        "(\"a\" | \"b\")* \"c\"~c,abac~ab,ca",
        "(\"a\"*)* \"b\"~b,aab~a",
        "[a-c0]~a,b,c,0~d,-",
        "[a\\]-]~a,],-~b",
        "[^a-y]~z,ä,€,😀~a,y",
        "[à-ü]+~ä,éü~a,ý",
        "[ﾀ-\\U0001F600]~ﾀ,😀,𐀀~😁,a",
        "\"\\x41\\u00e4\\U0001F600\\\"\"~Aä😀\"~A",
        ". .~ab,ä😀~a,abc",
        "x \"!\"¶x ::= \"(\" x \")\" | \"\"~!,()!,((()))!~(!,())!",
        "\"a\" # \"b\" | \"c\"¶ \"d\"~ad~a,ab",
      })
  void whatItSays(String body, String good, String bad) {
    String grammar = "root ::= " + body.replace('¶', '\n');
    for (String text : good.split(",", -1)) {
      assertTrue(matches(grammar, text), () -> "'%s' by %s".formatted(text, grammar));
    }
    for (String text : bad.split(",", -1)) {
      assertFalse(matches(grammar, text), () -> "'%s' by %s".formatted(text, grammar));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "``~a rule 'root'",
        "root = \"a\"~line 1, column 6: expected '::='",
        "root ::= \"a~the end of a text",
        "root ::= [a~the end of a text",
        "root ::= []~a character",
        "root ::= [b-a]~goes up",
        "root ::= (\"a\"~')'",
        "root ::= \"\\q\"~expected one of",
        "root ::= \"\\UFFFFFFFF\"~a code point",
        "root ::= \"a\"{x}~a number",
        "root ::= \"a\"{3,2}~a maximum of at least 3",
        "root ::= \"a\"{99999}~repetitions",
        "root ::= other~rule 'other' is used",
        "root ::= \"a\"¶root ::= \"b\"~twice",
        "root ::= root \"a\"~'root' reaches itself",
        "root ::= x¶x ::= \"a\"? y¶y ::= x~reaches itself",
        "root ::= (x*)¶x ::= \"\" x \"b\"~reaches itself",
        "root ::= <[10]>~the name of a rule",
        "root ::= \"a\" )~a rule",
      })
  void whatIsNoneIsRefused(String grammar, String message) {
    var failure = assertThrows(InvalidRequestException.class, () -> of(grammar.replace('¶', '\n')));
    assertTrue(failure.getMessage().contains(message), failure.getMessage());
  }

  @Test
  void masksAreWhatSingleTokensSay() {
    String grammar =
        """
        root ::= "{" (pair ("," pair)*)? "}"
        pair ::= "\\"" [^"]* "\\": " ("ab"* | root)
        """;
    Random random = Seeds.random("masks");
    for (int run = 0; run < 50; run++) {
      Constraint constraint = of(grammar);
      var text = new StringBuilder();
      while (!constraint.isComplete() && text.length() < 100) {
        long[] mask = constraint.mask();
        for (int id = 0; id < PLAIN.vocabSize(); id++) {
          boolean isSet = (mask[id >> 6] >>> id & 1) != 0;
          assertEquals(constraint.allows(id), isSet, "token %d after %s".formatted(id, text));
        }
        int id;
        do {
          id = random.nextInt(PLAIN.vocabSize() - 2);
        } while (!constraint.allows(id));
        text.append(new String(PLAIN.bytes(id, false), StandardCharsets.ISO_8859_1));
        constraint.accept(id);
      }
    }
  }

  @Test
  void randomExpressionsAgreeWithJavasRegularOnes() {
    Random random = Seeds.random("expressions");
    for (int run = 0; run < 300; run++) {
      var gbnf = new StringBuilder();
      var regex = new StringBuilder();
      expression(random, 3, gbnf, regex);
      Pattern pattern = Pattern.compile(regex.toString());
      for (int i = 0; i < 20; i++) {
        var text = new StringBuilder();
        for (int n = random.nextInt(6); n > 0; n--) {
          text.append("abc".charAt(random.nextInt(3)));
        }
        assertEquals(
            pattern.matcher(text).matches(),
            matches("root ::= " + gbnf, text.toString()),
            () -> "'%s' by %s".formatted(text, gbnf));
      }
    }
  }

  private static void expression(
      Random random, int depth, StringBuilder gbnf, StringBuilder regex) {
    if (depth == 0 || random.nextInt(4) == 0) {
      char c = "abc".charAt(random.nextInt(3));
      gbnf.append('"').append(c).append('"');
      regex.append(c);
      return;
    }
    int count = 1 + random.nextInt(3);
    String separator = random.nextBoolean() ? " | " : " ";
    String end = new String[] {"", "*", "+", "?", "{2}", "{1,3}", "{2,}"}[random.nextInt(7)];
    gbnf.append('(');
    regex.append("(?:");
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        gbnf.append(separator);
        regex.append(separator.strip());
      }
      expression(random, depth - 1, gbnf, regex);
    }
    gbnf.append(')').append(end);
    regex.append(')').append(end);
  }

  @Test
  void utf8ComesAsWholeCharacters() {
    Random random = Seeds.random("utf8");
    for (int run = 0; run < 100; run++) {
      int a = random.nextInt(Character.MAX_CODE_POINT + 1);
      int b = a + random.nextInt(1 << random.nextInt(21));
      int last = Math.min(b, Character.MAX_CODE_POINT);
      String grammar = "root ::= [\\U%08X-\\U%08X]".formatted(a, last);
      for (int point : new int[] {a - 1, a, (a + last) / 2, last, last + 1}) {
        if (point >= 0
            && Character.isValidCodePoint(point)
            && !(point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)) {
          assertEquals(
              point >= a && point <= last,
              matches(grammar, Character.toString(point)),
              () -> "U+%X by %s".formatted(point, grammar));
        }
      }
    }
  }

  @Test
  void theEndComesWhereNothingCanFollow() {
    Constraint constraint = of("root ::= \"ab\"");
    assertFalse(constraint.allows(PLAIN.end()));
    constraint.accept(PLAIN.id("ab"));
    assertTrue(constraint.isComplete());
    assertTrue(constraint.allows(PLAIN.end()));
    assertFalse(constraint.allows(PLAIN.control()));
    assertThrows(IllegalArgumentException.class, () -> constraint.accept(PLAIN.id("a")));
  }

  @Test
  void aFirstSpaceThatIsNotShownDoesNotCount() {
    var spm = new ByteVocabulary(true, " a", " ab", "a", "  a");
    Constraint constraint = new Grammars(spm).constraint("root ::= \"a\" \" a\"", spm::decoder);
    long[] mask = constraint.mask();
    for (int id = 0; id < spm.vocabSize(); id++) {
      assertEquals(constraint.allows(id), (mask[id >> 6] >>> id & 1) != 0, "token " + id);
    }
    assertTrue(constraint.allows(spm.id(" a")));
    assertTrue(constraint.allows(spm.id("a")));
    assertFalse(constraint.allows(spm.id(" ab")));
    assertFalse(constraint.allows(spm.id("  a")));
    assertFalse(constraint.allows(' '));
    constraint.accept(spm.id(" a"));
    assertFalse(constraint.allows(spm.id("a")), "the space counts from here on");
    constraint.accept(spm.id(" a"));
    assertTrue(constraint.isComplete());
  }

  @Test
  void nestingEndsInTime() {
    Constraint constraint = of("root ::= \"(\" root \")\" | \"x\"");
    int depth = 0;
    while (constraint.allows('(')) {
      constraint.accept('(');
      depth++;
    }
    assertTrue(depth > 100 && depth <= Automaton.DEPTH_MAX, "depth " + depth);
    constraint.accept('x');
    for (int i = 0; i < depth; i++) {
      constraint.accept(')');
    }
    assertTrue(constraint.isComplete());
  }

  /// Grammars that would take for ever or fill the memory.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "root ::= \"a\"{2000}{2000}",
        "root ::= (((\"a\"{0,99}){0,99}){0,99}){0,99}",
        "root ::= [^a]{2000} [^b]{2000} [^c]{2000} [^d]{2000} [^e]{2000}",
        "root ::= (x x x x x x x x)*\nx ::= (\"a\"? \"a\"? \"a\"? \"a\"? \"a\"?){0,50}",
        "root ::= x x x x\nx ::= \"(\" x x x \")\" | \"(\" x \")\" x | y y | \"\"\ny ::= \"(\" y? y? \")\"",
        "root ::= x*\nx ::= \"a\" x \"b\" | \"a\" x \"c\" | \"a\" x | \"a\"",
      })
  void hostileGrammarsAreBounded(String grammar) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          try {
            Constraint constraint = of(grammar);
            for (int i = 0; i < 300 && !constraint.isComplete(); i++) {
              constraint.mask();
              int id = constraint.allows('(') ? '(' : constraint.allows('a') ? 'a' : ')';
              if (!constraint.allows(id)) {
                break;
              }
              constraint.accept(id);
            }
          } catch (InvalidRequestException e) {
            assertTrue(e.getMessage().startsWith("grammar: "), e.getMessage());
          }
        });
  }

  @Test
  void whatIsKeptIsForgottenInTime() {
    // Every character leads to a place of its own, more of them than are kept.
    var grammars = new Grammars(PLAIN);
    String grammar = "root ::= " + "\"a\"{2000} ".repeat(20);
    for (int run = 0; run < 3; run++) {
      Constraint constraint = grammars.constraint(grammar, PLAIN::decoder);
      for (int i = 0; i < 40_000; i++) {
        long[] mask = constraint.mask();
        assertTrue((mask['a' >> 6] >>> 'a' & 1) != 0);
        constraint.accept('a');
      }
    }
  }

  @Test
  void anyTextIsAGrammarOrRefused() {
    Random random = Seeds.random("texts");
    String alphabet = "rot:=\"[]()*+?{}|.,-^\\\n #19ax";
    for (int run = 0; run < 20_000; run++) {
      var text = new StringBuilder(random.nextBoolean() ? "root ::= " : "");
      for (int n = random.nextInt(24); n > 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        of(text.toString()).mask();
      } catch (InvalidRequestException e) {
        assertTrue(e.getMessage().startsWith("grammar: "), e.getMessage());
      }
    }
  }
}
