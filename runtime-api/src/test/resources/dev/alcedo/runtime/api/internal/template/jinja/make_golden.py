#!/usr/bin/env python3
"""Renders the templates below with Jinja2, set up as the transformers library does: golden.json beside this file.

Each entry: {"template", "rendered"} or {"template", "error"}. The variables are the same for all.
"""
import json, os
from jinja2 import TemplateError
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

VARIABLES = {
    "s": "Hello, World", "u": "ünï 東京 😀x", "ws": "  two  words \n", "empty": "", "n": 7, "f": 2.5, "t": True, "no": False, "nil": None,
    "list": [3, 1, 2], "words": ["banana", "Apple", "cherry", "apple"], "nested": [[1, [2, "a'b"]], {"k": None}],
    "d": {"b": 2, "a": 1, "items": "shadowed", "C": [True]},
    "people": [{"name": "Ann", "age": 31, "role": {"id": "x"}}, {"name": "bob", "age": 7, "role": {"id": "y"}}, {"name": "Cid", "age": 31}],
    "html": "<a href=\"x\">'&'</a>", "quote": "it's \"q\" \\ \n\t\x01\u2028é",
}

TEMPLATES = r'''
{{ s }}|{{ u }}|{{ ws }}|{{ n }}|{{ f }}|{{ t }}|{{ nil }}|{{ missing }}|{{ list }}|{{ nested }}|{{ d }}
{{ 1 + 2 * 3 }} {{ (1 + 2) * 3 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 6 / 2 }} {{ 2 ** 10 }} {{ 2 ** -1 }} {{ 2 ** 3 ** 2 }} {{ -2 ** 2 }}
{{ 1.5 + 1 }} {{ 1e3 }} {{ 1e16 }} {{ 1e-5 }} {{ 0.0001 }} {{ 123456789.125 }} {{ 0.1 + 0.2 }} {{ 1e22 }} {{ -0.0 }} {{ 5.5 // 2 }} {{ 5.5 % 2 }} {{ -5.5 % 2 }}
{{ true + 1 }} {{ 1 == 1.0 }} {{ true == 1 }} {{ 'a' == 'a' }} {{ none == none }} {{ missing == missing2 }} {{ [1, 2] == [1, 2] }} {{ (1, 2) == [1, 2] }} {{ {'a': 1} == {'a': 1.0} }}
{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 'a' < 'b' }} {{ [1, 2] < [1, 3] }} {{ 1 != 2 }} {{ 3 >= 3 }} {{ 2 <= 1 }} {{ 1 < 2 == 2 }}
{{ 'World' in s }} {{ 'x' not in s }} {{ 1 in list }} {{ 'a' in d }} {{ 2 not in d }} {{ 'x' in missing }} {{ not 1 in list }}
{{ t and n }} {{ no or 'x' }} {{ nil or empty }} {{ not t }} {{ not missing }} {{ 0 or [] or {} }} {{ 1 and 2 or 3 }}
{{ 'a' ~ 1 ~ none ~ 2.0 ~ true ~ missing ~ [1, 'x'] }} {{ 1 ~ 2 * 3 }} {{ 'a' 'b' "c" }} {{ 'a' * 3 }} {{ 3 * 'ab' }} {{ [1] * 2 + [2] }} {{ (1,) + (2, 3) }}
{{ 'yes' if t else 'no' }} {{ 'yes' if no }}| {{ 'a' if no else 'b' if no else 'c' }} {{ ('x' if t) ~ 'y' }}
{{ list[0] }} {{ list[-1] }} {{ list[10] }}| {{ s[0] }} {{ s[-1] }} {{ u[7] }} {{ d.a }} {{ d['a'] }} {{ d['items'] }} {{ d.nope }}| {{ nil.x }}| {{ list.0 }} {{ list['x'] }}|
{{ list[1:] }} {{ list[:-1] }} {{ list[::-1] }} {{ list[::2] }} {{ list[5:] }} {{ s[1:4] }} {{ s[::-1] }} {{ s[-3:] }} {{ u[-3:] }} {{ u[4:6] }} {{ s[10:2:-2] }} {{ (1, 2, 3)[1:] }} {{ s[:none] }} {{ list[-100:100] }}
{{ [] }} {{ [1,] }} {{ () }} {{ (1,) }} {{ (1, 2) }} {{ 1, 2 }} {{ {} }} {{ {'a': 1, 2: 'b', none: [], (1, 2): 3} }} {{ {'a': {'b': {}}} }}
{{ 'a\nb\tc\\d\'e\"f\x41\u00e9\101\q' }} {{ "it's" }} {{ 'say "hi"' }} {{ ["it's", 'say "hi"', 'both \' "'] }}
{{ quote }} {{ [quote] }} {{ quote | tojson }} {{ quote | tojson(ensure_ascii=True) }} {{ [u] | tojson(ensure_ascii=True) }}
{{ d | tojson }} {{ nested | tojson }} {{ d | tojson(indent=2) }} {{ [] | tojson(indent=2) }} {{ {} | tojson(indent=4) }} {{ d | tojson(sort_keys=True) if 0 else 1 }} {{ d | tojson(separators=(',', ':')) }}
{{ [1, 1.5, 1e20, true, none, 'x', (1, 2)] | tojson }} {{ {1: 2, none: 3, true: 4, 1.5: 5} | tojson }} {{ nested | tojson(indent=1) }} {{ '\x7f/</script>' | tojson }}
{{ missing | tojson }}
{{ s.upper() }} {{ s.lower() }} {{ 'hello wORLD x1y'.title() }} {{ 'hELLO'.capitalize() }} {{ 'aBc'.swapcase() }} {{ 'ß'.upper() }} {{ 'ß'.casefold() }}
[{{ ws.strip() }}] [{{ ws.lstrip() }}] [{{ ws.rstrip() }}] [{{ 'xxaxx'.strip('x') }}] [{{ 'abcba'.lstrip('ab') }}] [{{ 'abcba'.rstrip('ab') }}] [{{ ''.strip() }}]
{{ 'a,b,,c'.split(',') }} {{ ws.split() }} {{ 'a b c d'.split(' ', 2) }} {{ '  a b  c '.split(none, 1) }} {{ 'a b c d'.rsplit(' ', 2) }} {{ ' a  b c '.rsplit(none, 1) }} {{ ''.split() }} {{ ''.split(',') }} {{ 'a--b'.split('--')[-1] }} {{ 'abc'.split('b', maxsplit=0) }}
{{ 'a\nb\r\nc\n'.splitlines() }} {{ 'a\nb'.splitlines(true) }} {{ 'k=v=w'.partition('=') }} {{ 'k=v=w'.rpartition('=') }} {{ 'kv'.partition('=') }} {{ 'kv'.rpartition('=') }}
{{ s.startswith('Hell') }} {{ s.endswith(('x', 'World')) }} {{ s.startswith('ello', 1) }} {{ s.endswith('Hell', 0, 4) }} {{ s.startswith('') }} {{ 'abc'.removeprefix('a') }} {{ 'abc'.removesuffix('c') }} {{ 'abc'.removesuffix('') }}
{{ s.find('o') }} {{ s.rfind('o') }} {{ s.find('z') }} {{ s.index('W') }} {{ s.count('l') }} {{ s.count('') }} {{ u.find('x') }} {{ s.find('o', 5) }} {{ 'aaaa'.count('aa') }} {{ s.find('l', -2) }}
{{ s.replace('l', 'L') }} {{ s.replace('l', 'L', 1) }} {{ 'abc'.replace('', '-') }} {{ 'abc'.replace('', '-', 2) }} {{ s.replace('zz', 'y') }} {{ ', '.join(words) }} {{ ''.join(['a']) }} {{ '-'.join('abc') }}
{{ 'abc'.isalpha() }} {{ '12'.isdigit() }} {{ 'a1'.isalnum() }} {{ ' '.isspace() }} {{ 'ab'.islower() }} {{ 'AB'.isupper() }} {{ ''.isalpha() }} {{ 'a b'.isalpha() }} {{ '1'.islower() }} {{ 'ü'.isascii() }} {{ '12'.isnumeric() }} {{ '12'.isdecimal() }}
[{{ 'ab'.center(7) }}] [{{ 'abc'.center(6, '*') }}] [{{ 'ab'.ljust(4) }}] [{{ 'ab'.rjust(4, '.') }}] {{ '42'.zfill(5) }} {{ '-42'.zfill(5) }} {{ 'abcdef'.zfill(3) }}
{{ '{} and {}'.format(1, 'x') }} {{ '{1}{0}{{}}'.format('a', 'b') }} {{ '{k}'.format(k=[1]) }} {{ '%s-%d-%5.2f|%-5s|%05d|%x|%%' % ('a', 3, 2.567, 'l', 42, 255) }} {{ '%s' % s }} {{ '%(a)s' % d }} {{ '%r' % 'x' }} {{ 'x: %s' | format(n) }}
{{ d.get('a') }} {{ d.get('z') }} {{ d.get('z', 'dflt') }} {{ d.keys() | list }} {{ d.values() | list }} {{ d.items() | list }} {% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}
{{ list.index(2) }} {{ list.count(1) }} {{ (1, 2, 1).count(1) }} {{ (1, 2).index(2) }}
{{ words | join }} {{ words | join(', ') }} {{ people | join('/', attribute='name') }} {{ [1, none, 'x'] | join('-') }} {{ 'abc' | join('.') }} {{ missing | join('x') }}|
{{ list | length }} {{ u | length }} {{ d | count }} {{ missing | length }} {{ list | first }} {{ list | last }} {{ [] | first }}| {{ s | first }} {{ s | last }} {{ d | list }} {{ 'ab' | list }}
{{ list | sort }} {{ list | sort(reverse=true) }} {{ words | sort }} {{ words | sort(case_sensitive=true) }} {{ people | sort(attribute='age') | map(attribute='name') | list }} {{ people | sort(attribute='age,name') | map(attribute='name') | join(' ') }}
{{ words | unique | list }} {{ [1, 1.0, true, 2] | unique | list }} {{ words | unique(case_sensitive=true) | list }} {{ list | min }} {{ list | max }} {{ words | min }} {{ people | max(attribute='age') }} {{ [] | max }}|
{{ list | sum }} {{ people | sum(attribute='age') }} {{ [[1], [2]] | sum(start=[]) }} {{ [1.5, 2] | sum(start=1) }}
{{ d | dictsort }} {{ d | dictsort(true) }} {{ {'a': 2, 'b': 1} | dictsort(by='value') }} {{ {'a': 2, 'b': 1} | dictsort(reverse=true) }} {{ d | items | list }}
{{ range(5) | list }} {{ range(2, 8, 3) | list }} {{ range(3, 0, -1) | list }} {{ range(0) | list }} {{ range(7) | batch(3) | list }} {{ range(7) | batch(3, 'x') | list }} {{ range(7) | slice(3) | list }} {{ range(7) | slice(3, 'x') | list }}
{{ people | map(attribute='role.id') | list }}
{{ people | map(attribute='role') | list }} {{ people[:2] | map(attribute='role.id') | list }} {{ people | map(attribute='role.id', default='?') | list }} {{ people | map(attribute='role', default='?') | list }} {{ [[1, 2], [3]] | map(attribute=1) | list }} {{ [[1, 2]] | map(attribute='1') | list }} {{ words | map('upper') | list }} {{ list | map('string') | join('+') }} {{ ['1', '2'] | map('int') | sum }} {{ words | map('replace', 'a', 'A') | list }}
{{ list | select('odd') | list }} {{ list | reject('gt', 1) | list }} {{ [0, 1, '', 'a'] | select | list }} {{ people | selectattr('age', 'equalto', 31) | map(attribute='name') | list }} {{ people | rejectattr('role') | map(attribute='name') | list }} {{ people | selectattr('role', 'defined') | list | length }} {{ words | select('in', ['apple', 'cherry']) | list }}
{% for age, group in people | groupby('age') %}{{ age }}:{{ group | map(attribute='name') | join(',') }};{% endfor %}
{{ '42' | int }} {{ 'x' | int }} {{ 'x' | int(5) }} {{ '0x1F' | int(0, 16) }} {{ 3.9 | int }} {{ '3.7' | int }} {{ ' 12 ' | int }} {{ '1.5' | float }} {{ 'x' | float }} {{ n | float }} {{ true | int }} {{ none | int }} {{ '1_0' | int }} {{ '-5' | int }} {{ '1e3' | float }}
{{ 2.5 | round }} {{ 3.5 | round }} {{ 2.675 | round(2) }} {{ 2.1 | round(0, 'ceil') }} {{ 2.19 | round(1, 'floor') }} {{ 7 | round }} {{ -3 | abs }} {{ -2.5 | abs }} {{ 1234 | round(-2) }} {{ 42.55 | round(1, 'common') }}
{{ missing | default('d') }} {{ nil | default('d') }} {{ nil | default('d', true) }} {{ empty | d('e', boolean=true) }} {{ n | default(1) }} {{ missing.x | default('y') if false else 'z' }}
{{ html | e }} {{ html | escape }} {{ html | safe }} {{ ws | trim }}| {{ 'xxyxx' | trim('x') }} {{ 'foo bar-baz (qux) o\'neil' | title }} {{ 'fOO bar' | capitalize }} {{ s | upper }} {{ s | lower }} {{ n | string ~ 1 }} {{ s | replace('l', 'w', 2) }} {{ s | reverse }} {{ list | reverse | list }}
{{ 'a\nb\n\nc' | indent }} {{ 'a\nb\n\nc' | indent(2, true) }} {{ 'a\nb\n\nc' | indent(width=1, blank=true) }} {{ 'a\nb' | indent('> ') }} [{{ 'x' | center(5) }}] {{ 'a bc  d_e f' | wordcount }}
{{ 'The quick brown fox jumps' | truncate(12) }} {{ 'The quick brown fox jumps' | truncate(12, true) }} {{ 'short' | truncate(3) }} {{ 'The quick brown fox' | truncate(10, false, '>', 0) }} {{ 'a b/ü?&' | urlencode }} {{ -1 | abs }} {{ 'x' | attr('upper') is defined }}
{{ s is string }} {{ n is number }} {{ n is integer }} {{ f is float }} {{ t is integer }} {{ t is boolean }} {{ d is mapping }} {{ list is sequence }} {{ s is sequence }} {{ d is sequence }} {{ n is sequence }} {{ list is iterable }} {{ n is iterable }} {{ range is callable }} {{ nil is none }} {{ missing is none }}
{{ missing is defined }} {{ missing is undefined }} {{ s is not defined }} {{ d.a is defined }} {{ d.zz is defined }} {{ 3 is odd }} {{ 4 is even }} {{ 9 is divisibleby 3 }} {{ 9 is divisibleby(2) }} {{ t is true }} {{ no is false }} {{ 1 is true }} {{ 'abc' is lower }} {{ 'ABC' is upper }} {{ 1 is in [1] }} {{ 2 is in(list) }} {{ 1 is eq 1 }} {{ 1 is ne 2 }} {{ 1 is lt 2 }} {{ 1 is ge 1 }} {{ nil is sameas none }} {{ 'int' is filter }} {{ 'odd' is test }} {{ s is string and n is number }} {{ not s is number }}
{% for x in list %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.previtem }}{{ loop.nextitem }}{{ loop.cycle('o', 'e') }}{{ loop.depth }} {% endfor %}
{% for x in [] %}x{% else %}none{% endfor %}{% for x in [1] %}{{ x }}{% else %}none{% endfor %}{% for x in missing %}x{% else %}undef{% endfor %}{% for x in list if x > 1 %}{{ x }}/{{ loop.length }}{{ loop.last }} {% endfor %}{% for c in 'añ😀' %}[{{ c }}]{% endfor %}
{% for x in range(10) %}{% if x == 2 %}{% continue %}{% endif %}{% if x == 5 %}{% break %}{% endif %}{{ x }}{% endfor %}{% for x in list %}{% for y in list %}{% if y == 1 %}{% break %}{% endif %}{{ x }}{{ y }} {% endfor %}{% endfor %}
{% for a, (b, c) in [(1, (2, 3)), [4, [5, 6]]] %}{{ a }}{{ b }}{{ c }} {% endfor %}{% for x in [1, 1, 2] %}{% if loop.changed(x) %}{{ x }}{% endif %}{% endfor %}{% for x in 1, 2 %}{{ x }}{% endfor %}
{% for item in [{'v': 1, 'c': [{'v': 2, 'c': []}]}] recursive %}{{ item.v }}@{{ loop.depth }}({{ loop(item.c) }}){% endfor %}
{% if 0 %}a{% elif [] %}b{% elif 'x' %}c{% else %}d{% endif %}{% if missing %}a{% else %}b{% endif %}{% if 1 %}{% if 0 %}x{% else %}y{% endif %}{% endif %}
{% set x = 1 %}{% for i in [1, 2] %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}{% set a, b = 1, 2 %}{{ a }}{{ b }}{% if true %}{% set x = 9 %}{% endif %}{{ x }}{% set y = 1, 2 %}{{ y }}
{% set ns = namespace(found=false, n=0) %}{% for i in range(4) %}{% set ns.n = ns.n + i %}{% set ns.found = true %}{% endfor %}{{ ns.n }}{{ ns.found }}{{ ns.zz is defined }}{% set ns2 = namespace({'a': 1}, b=2) %}{{ ns2.a }}{{ ns2.b }}
{% set block %}a{{ n }}b{% endset %}[{{ block }}]{% set block | upper | replace('A', '4') %}a{{ s }}{% endset %}[{{ block }}]{% filter upper %}x{{ s }}{% endfilter %}{% filter replace('a', 'b') | upper %}aa{% endfilter %}
{% macro m(a, b=2, c='x' ~ b) %}({{ a }},{{ b }},{{ c }}){% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(1, c=5) }}{{ m(b=4, a=0) }}{{ m() }}{{ m(1) | length }}{{ m is callable }}
{% macro v() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ v(1, 2, k=3) }}{{ v() }}{% macro outer() %}{{ inner() }}{% endmacro %}{% macro inner() %}{{ n }}{{ late }}{% endmacro %}{% set late = 'L' %}{{ outer() }}
{% macro box(title) %}<{{ title }}:{{ caller() }}>{% endmacro %}{% call box('t') %}body{{ n }}{% endcall %}{% macro each(l) %}{% for x in l %}{{ caller(x) }}{% endfor %}{% endmacro %}{% call(x) each([1, 2]) %}[{{ x }}]{% endcall %}
{% macro fact(n) %}{% if n <= 1 %}1{% else %}{{ n * (fact(n - 1) | int) }}{% endif %}{% endmacro %}{{ fact(10) }}{% set args = [1, 2] %}{% macro s2(a, b) %}{{ a }}-{{ b }}{% endmacro %}{{ s2(*args) }}{{ s2(**{'a': 5, 'b': 6}) }}
{% with a = 1, b = 2 %}{{ a }}{{ b }}{% set c = 3 %}{{ c }}{% endwith %}{{ c is defined }}{% raw %}{{ raw }} {% if %}{% endraw %}{# a comment #}|{% raw -%}  x  {%- endraw %}|
{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}{% set j = joiner('|') %}{% for x in list %}{{ j() }}{{ x }}{% endfor %}{{ dict(a=1, b='x') }}{{ dict([('k', 2)], z=3) }}
{{ undefined_function() }}
{{ missing.attribute }}
{{ missing + 1 }}
{{ 'a' + 1 }}
{{ 1 / 0 }}
{{ [1] < 'x' }}
{{ raise_exception('no ' ~ s) }}
{{ 1 in 5 }}
{{ list | nofilter }}
{{ list is notest }}
{% for x in 5 %}{% endfor %}
{% for a, b in [[1]] %}{% endfor %}
{{ 'x'.index('y') }}
{{ ''.__class__ }}
{{ ''.__class__.__mro__ }}
{{ [].__class__.__base__.__subclasses__() }}
{{ range.__globals__ }}
{{ (x for x in y) }}
{% include 'x' %}
{% if x %}
{{ x
{{ 'abc }}
{# open
{% raw %}x
{% endif %}
{% nosuchtag %}
{{ }}
{{ 1 + }}
{{ a b }}
{% set %}
{% break %}
{{ d.items()['x'] }}|{{ nil['x'] }}|{{ n.nope }}
'''

# Templates over several lines, for the white-space rules.
LINES = [
    "a\n{% if true %}\nb\n{% endif %}\nc\n",
    "  {% if true %}\n    x\n  {% endif %}\n  y\n\n",
    "a {%- if true -%} b {%- endif -%} c",
    "a\n  {%- if true %}\n\n b\n {%- endif %}\n c",
    "a  {%+ if true %}b{% endif %}\n   {%+ if true +%}\n c{% endif %}",
    "x {{- 1 -}} y {{ 2 }}\n\n  {{- 3 }}\n {{ 4 -}}\n\n z",
    "a\n  {# comment #}\nb {# c #}\n  {#- c -#}  \n d{#+ e +#}\n",
    "{% for x in [1,2] %}\n{{ x }}\n{% endfor %}\nend",
    "{% for x in [1,2] -%}\n  {{ x }}\n{%- endfor %}\nend\n",
    "  {% raw %}\n {{ x }}\n  {% endraw %}\n y",
    "\t{% set x = 1 %}\n\t\t{{ x }}\r\nline\r{% if x %}\r\nz{% endif %}\n",
    "text {% if true %} \n b {% endif %} c",
    "{{ 1 }}\n{{ 2 }}\n\n",
    "\n\n{% if true %}\n\n\na{% endif %}\n\n",
    "{%- macro m() -%}\n  x\n{%- endmacro -%}\n\n[{{ m() }}]",
    "{{ {'a': {'b': 1}} }}{{ {'a': 1}['a'] }}{% set x = {'y': {}} %}{{ x }}",
    "{{ '}}' }}{{ \"%}\" }}{% set x = '%}' %}{{ x }}{ { {x} }} %} #}",
    "{{-5}} {{ 5-}} {{ - 5 }} {{+5}}",
    "a{% if true -%}\n\n   b   {%- else +%}\n c {% endif %}d",
    "{% if true %}{% endif %}  {% if true %}\n  {% endif %}  x",
    "x\n\n   {%- set a = 1 -%}   \n\n  y {{ a\n  }} z",
    "{{ 'multi\nline' }}\n{{ [1,\n 2] }}\n",
    "{% if\n true\n%}\n ok\n{% endif %}",
]


def environment():
    def raise_exception(message):
        raise TemplateError(message)

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)
    e = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
    e.filters["tojson"] = tojson
    e.globals.update(raise_exception=raise_exception)
    return e


def main():
    out = []
    for template in [t for t in TEMPLATES.split("\n") if t] + LINES:
        try:
            out.append({"template": template, "rendered": environment().from_string(template).render(**VARIABLES)})
        except Exception as ex:
            out.append({"template": template, "error": f"{type(ex).__name__}: {ex}"})
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden.json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"variables": VARIABLES, "cases": out}, f, ensure_ascii=False, indent=1)
        f.write("\n")


main()
