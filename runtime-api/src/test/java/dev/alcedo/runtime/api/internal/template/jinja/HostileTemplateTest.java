// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.testkit.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Templates that mean harm: each is stopped in time with an error that names template and line.
class HostileTemplateTest {
  private static final Duration TIME = Duration.ofSeconds(20);

  private static String render(String template) {
    return Jinja.parse("evil.gguf", template)
        .render(
            Map.of("s", "hello", "messages", List.of(Map.of("role", "user", "content", "hi"))),
            SharedTemplatesTest.NOW)
        .string();
  }

  private static void stops(String template, String limit) {
    var e =
        assertTimeoutPreemptively(
            TIME, () -> assertThrows(ModelFormatException.class, () -> render(template)));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith("evil.gguf, line "), message);
    assertTrue(message.contains("stopped at its limit of") && message.contains(limit), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% set r = range(50000) %}{% for a in r %}{% for b in r %}{% for c in r %}{% endfor %}{% endfor %}{% endfor %}",
        "{% set l = [1] %}{% for a in range(99999) %}{% for b in range(1000) %}{% do l.append(b) %}{% endfor %}{% endfor %}",
        "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
        "{% set l = range(9999) | list %}{% for x in l %}{{ l == l + [1] }}{{ l.index(9998) }}{% endfor %}",
        "{% set l = range(99999) | list %}{% for x in range(9999) %}{% set y = l | sort | unique | list %}{% endfor %}"
      })
  void loops_without_end(String template) {
    stops(template, "");
  }

  @Test
  void huge_ranges() {
    stops("{{ range(10 ** 12) }}", "100000 numbers");
    stops("{{ range(-9223372036854775807, 9223372036854775807) }}", "100000 numbers");
    assertEquals("[]", render("{{ range(5, -9223372036854775807) }}"));
    stops("{{ 10 ** 30 }}", "64 bits");
    stops("{{ 9223372036854775807 + 1 }}", "64 bits");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ 'a' * 10 ** 9 }}",
        "{{ 'ab' * 9223372036854775807 }}",
        "{{ [0] * 10 ** 9 }}",
        "{% set ns = namespace(x='aaaaaaaaaaaaaaaa') %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x='aaaaaaaaaaaaaaaa') %}{% for i in range(100) %}{% set ns.x = ns.x ~ ns.x %}{{ ns.x | length }}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x='a') %}{% for i in range(100) %}{% set ns.x = ns.x.replace('a', 'aa') %}{% endfor %}",
        "{% set ns = namespace(x=['a']) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x=['a']) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x | tojson }}",
        "{{ 'x' | center(10 ** 12) }}",
        "{{ 'x' | indent(10 ** 12) }}",
        "{{ 'x'.zfill(10 ** 12) }}{{ 'x'.ljust(10 ** 12) }}",
        "{{ [[[[1]]]] | tojson(indent=10 ** 9) }}",
        "{{ [1] | batch(10 ** 9, 'x') }}",
        "{{ [1] | slice(10 ** 9) }}",
        "{% for i in range(90000) %}{% for j in range(90) %}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{% endfor %}{% endfor %}",
        "{% set x = 'a' * 1000000 %}{% for i in range(99999) %}{{ x.upper() | length }}{% endfor %}",
        "{% set x = 'ab' * 1000000 %}{% for i in range(99999) %}{% set y = x | list %}{% endfor %}",
        "{% set l = [] %}{% for i in range(99999) %}{% do l.append('a' * 100000) %}{% endfor %}",
        "{% set x = 'a' * 100000 %}{{ x.join(x) }}",
        "{% set d = {} %}{% for i in range(99999) %}{% do d.update({i: range(1000)}) %}{% endfor %}"
      })
  void strings_and_lists_that_fill_the_memory(String template) {
    stops(template, "");
  }

  /// Needles like `aaa...ab` in haystacks like `aaa...a`, comparisons of long equal texts, keys
  /// that double: cheap to write, dear to carry out naively.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% set h = 'a' * 4000000 %}{% set n = 'a' * 2000000 ~ 'b' %}{{ n in h }}{{ h.find(n) }}{{ h.rfind(n) }}{{ h.count(n) }}"
            + "{{ h.split(n) | length }}{{ h.partition(n)[1] }}{% for i in range(99999) %}{{ n in h }}{% endfor %}",
        "{% set h = 'a' * 4000000 %}{% set k = 'a' * 4000000 %}{% for i in range(99999) %}{{ h == k }}{{ h < k }}{% endfor %}",
        "{% set h = 'a' * 4000000 %}{% set d = {h: 1} %}{% for i in range(99999) %}{% set x = d['a' * 1000 ~ h] %}{% endfor %}",
        "{% set h = 'a' * 4000000 %}{% for i in range(99999) %}{{ h | length }}{{ h[0] }}{{ h is lower }}{% endfor %}",
        "{% set ns = namespace(t=(1, 2)) %}{% for i in range(60) %}{% set ns.t = (ns.t, ns.t) %}{% endfor %}{{ {ns.t: 1} }}",
        "{{ ('1' * 4000000 ~ 'x') | int }}{{ ('1' * 4000000 ~ 'x') | float }}{% for i in range(99999) %}{{ ('1' * 400000) | int }}{% endfor %}"
      })
  void work_that_does_not_show(String template) {
    stops(template, "");
  }

  @Test
  void deep_nesting() {
    int deep = 100_000;
    stops("{{ " + "(".repeat(deep) + "1" + ")".repeat(deep) + " }}", "200 brackets");
    stops("{{ " + "[".repeat(deep) + "]".repeat(deep) + " }}", "200 brackets");
    stops("{{ " + "{1:".repeat(deep) + "1" + "}".repeat(deep) + " }}", "200 brackets");
    stops("{{ " + "not ".repeat(deep) + "1 }}", "200 brackets");
    stops("{{ " + "-".repeat(deep) + "1 }}", "200 brackets");
    stops("{{ " + "1 if 1 else ".repeat(deep / 2) + "1 }}", "200 brackets");
    stops("{{ " + "x[".repeat(deep) + "1" + "]".repeat(deep) + " }}", "200 brackets");
    stops("{{ " + "f(".repeat(deep) + ")".repeat(deep) + " }}", "200 brackets");
    stops("{% if 1 %}".repeat(deep / 4) + "{% endif %}".repeat(deep / 4), "200 brackets");
    stops("{% set " + "(".repeat(deep) + "a" + ")".repeat(deep) + " = 1 %}", "200 brackets");
    stops("{{ 1" + " + 1".repeat(deep) + " }}", "600 levels");
    stops("{{ 1" + "|abs".repeat(deep) + " }}", "600 levels");
    stops("{{ s" + ".x".repeat(deep) + " }}", "600 levels");
    stops("{{ 1" + " or 0".repeat(deep) + " }}", "600 levels");
    assertEquals("a".repeat(deep), render("{{ ''" + " ~ 'a'".repeat(deep) + " }}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f() %}{{ caller() }}{% call f() %}{{ caller() }}{% endcall %}{% endmacro %}{% call f() %}x{% endcall %}",
        "{% for x in [[]] recursive %}{{ loop([[1]]) }}{% endfor %}",
        "{% macro f(a=f()) %}{% endmacro %}{{ f() }}",
        "{% set l = [] %}{% do l.append(l) %}{{ l }}",
        "{% set l = [] %}{% do l.append(l) %}{{ l | tojson }}",
        "{% set l = [] %}{% do l.append(l) %}{% set k = [] %}{% do k.append(k) %}{{ l == k }}",
        "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}",
        "{% set d = {} %}{% do d.update({'d': d}) %}{{ d | tojson }}",
        "{% set ns = namespace(x=[]) %}{% for i in range(9999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}"
      })
  void recursion_without_end(String template) {
    stops(template, "");
  }

  @Test
  void lists_that_grow_while_they_are_gone_over_do_not_trap_the_loop() {
    assertEquals(
        "3",
        render(
            "{% set l = [1, 2, 3] %}{% for x in l %}{% do l.append(x) %}{% if loop.last %}{{ loop.length }}{% endif %}{% endfor %}"));
  }

  /// The tricks that reach Python from Jinja2 outside of its sandbox.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ messages.__class__.__base__ }}",
        "{{ self.__init__.__globals__.__builtins__.__import__('os').popen('id').read() }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ joiner.__init__.__globals__ }}",
        "{{ namespace.__init__.__globals__['os'] }}",
        "{{ range.__self__.__dict__ }}",
        "{{ lipsum.__globals__['os'].popen('id').read() }}",
        "{{ get_flashed_messages.__globals__ }}",
        "{{ config.items() }}",
        "{{ request.application }}",
        "{{ ''|attr('__class__')|attr('__mro__') }}",
        "{{ (''|attr('__cla' ~ 'ss__')).x }}",
        "{{ ''['__class__']['__mro__'] }}",
        "{{ [].append.__self__.__class__.x }}",
        "{{ '{0.__class__.__mro__}'.format('x') }}",
        "{{ '{a.__init__}'.format(a='x') }}",
        "{{ ''.format_map({}) }}",
        "{{ [''] | map(attribute='__class__.__mro__') | list | tojson }}",
        "{{ [''] | map('attr', '__class__') | map('attr', '__mro__') | list }}",
        "{{ ''.getClass().forName('java.lang.Runtime') }}",
        "{{ messages.getClass().getClassLoader() }}",
        "{{ loop.__class__.x }}",
        "{{ ns.toString.class.x }}",
        "{% set x = messages.stream() %}",
        "{{ super.x() }}{{ self.x() }}",
        "{% from 'os' import system %}",
        "{% import 'os' as os %}",
        "{% include '/etc/passwd' %}",
        "{% extends '/etc/passwd' %}"
      })
  void cve_2026_5760_templates_run_no_code(String template) {
    var e = assertThrows(ModelFormatException.class, () -> render(template));
    assertTrue(String.valueOf(e.getMessage()).startsWith("evil.gguf, line 1: "), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ''.__class__ }}", "{{ messages.class }}", "{{ messages[0].__dict__ }}",
        "{{ s.getBytes }}", "{{ range.name }}", "{{ messages['__class__'] }}"
      })
  void what_is_not_listed_is_not_there(String template) {
    assertEquals("", render(template));
  }

  @Test
  void giant_templates_are_not_read() {
    stops("{{ 1 }}".repeat(200_000), "1048576 characters of template");
    assertEquals("1".repeat(100_000), render("{{ 1 }}".repeat(100_000)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{",
        "{%",
        "{#",
        "{{ '",
        "{{ \"\\",
        "{% if",
        "{% if x",
        "{% for",
        "{% for x in",
        "{% raw %} {% endraw",
        "{% macro",
        "{% macro f(",
        "{% set",
        "{% set x =",
        "{% set x %}",
        "{{ x[",
        "{{ x[1:",
        "{{ f(",
        "{{ f(a=",
        "{{ {",
        "{{ {1",
        "{{ {1:",
        "{{ 1 +",
        "{{ x |",
        "{{ x is",
        "{{ x.",
        "{% call",
        "{% call f() %}",
        "{% filter",
        "{% filter upper %}",
        "{% generation %}",
        "{{ 1 }",
        "{% 1 %}",
        "{{ '\\x' }}",
        "{{ '\\uD' }}",
        "{{ '\\U99999999' }}",
        "{{ 99999999999999999999 }}",
        "{{ @ }}",
        "{{ x $ y }}",
        "{{ ) }}",
        "{{ (] }}",
        "{% else %}",
        "{% set 1 = 2 %}",
        "{% set none = 2 %}",
        "{% for true in x %}{% endfor %}",
        "{% continue %}",
        "{% macro f(a=1, b) %}{% endmacro %}"
      })
  void unfinished_and_broken_tags(String template) {
    var e = assertThrows(ModelFormatException.class, () -> render(template));
    assertTrue(String.valueOf(e.getMessage()).startsWith("evil.gguf, line 1: "), e.getMessage());
  }

  @Test
  void errors_name_the_line() {
    var e = assertThrows(ModelFormatException.class, () -> render("a\n{# x\n #}\n{{ s\n + 1 }}"));
    assertEquals("evil.gguf, line 5: '+' does not work on str and int", e.getMessage());
    e =
        assertThrows(
            ModelFormatException.class,
            () -> render("\n\n{% raw %}\n{% endraw %}\n{{ s | none }}"));
    assertTrue(String.valueOf(e.getMessage()).startsWith("evil.gguf, line 5: unknown filter"));
    var refused =
        assertThrows(
            InvalidRequestException.class,
            () -> render("\n{{ raise_exception('no\u0007\n' ~ 'x' * 10000) }}"));
    assertTrue(String.valueOf(refused.getMessage()).startsWith("evil.gguf, line 2: "));
    assertTrue(String.valueOf(refused.getMessage()).length() < 400);
    assertTrue(refused.getMessage().chars().noneMatch(Character::isISOControl));
  }

  /// Real templates and features with characters changed, cut out and doubled.
  @Test
  void mutations_throw_our_exceptions_only() {
    List<String> bases = FuzzTemplates.bases();
    SplittableRandom random = new SplittableRandom(Seeds.random("templates").nextLong());
    String[] pieces = {
      "{{",
      "}}",
      "{%",
      "%}",
      "{#",
      "#}",
      "-",
      "'",
      "\"",
      "(",
      ")",
      "[",
      "]",
      "|",
      "~",
      "loop",
      "in",
      "not",
      "is",
      "if",
      "else",
      "endfor",
      "for",
      "set",
      "macro",
      "*",
      "**",
      "//",
      "9",
      "\\",
      ":",
      ",",
      ".",
      "=",
      "ns.x",
      "messages",
      "none",
      "range(9)",
      "|list",
      "|tojson",
      "[::-1]",
      "{",
      "}",
      "\n",
      " ",
      "\uD83D",
      "%s",
      "|int",
      "()"
    };
    assertTimeoutPreemptively(
        Duration.ofMinutes(2),
        () -> {
          for (int round = 0; round < 6000; round++) {
            var text = new StringBuilder(bases.get(random.nextInt(bases.size())));
            for (int i = random.nextInt(4); i >= 0; i--) {
              int at = random.nextInt(text.length() + 1);
              int end = Math.min(text.length(), at + random.nextInt(30));
              switch (random.nextInt(3)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, pieces[random.nextInt(pieces.length)]);
                default -> text.insert(at, text.substring(at, end));
              }
            }
            String template = text.toString();
            try {
              render(template);
            } catch (VlmException e) {
              assertTrue(
                  String.valueOf(e.getMessage()).startsWith("evil.gguf, line "), e.getMessage());
            } catch (RuntimeException | Error e) {
              throw new AssertionError(template + "\n" + Seeds.hint(), e);
            }
          }
        });
  }
}
