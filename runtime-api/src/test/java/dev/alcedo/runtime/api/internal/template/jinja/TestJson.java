// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads JSON that a test trusts, as maps, lists, strings, longs, doubles, truth values and null.
final class TestJson {
  private final String text;
  private int at;

  private TestJson(String text) {
    this.text = text;
  }

  static @Nullable Object read(String text) {
    return new TestJson(text).value();
  }

  @SuppressWarnings("unchecked") // what the test's own file holds
  static Map<String, @Nullable Object> object(@Nullable Object value) {
    return (Map<String, @Nullable Object>) value;
  }

  private char next() {
    while (Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return text.charAt(at);
  }

  private @Nullable Object value() {
    switch (next()) {
      case '{' -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        at++;
        while (next() != '}') {
          at += text.charAt(at) == ',' ? 1 : 0;
          next();
          String key = string();
          next();
          at++; // the colon
          map.put(key, value());
        }
        at++;
        return map;
      }
      case '[' -> {
        List<@Nullable Object> list = new ArrayList<>();
        at++;
        while (next() != ']') {
          at += text.charAt(at) == ',' ? 1 : 0;
          list.add(value());
        }
        at++;
        return list;
      }
      case '"' -> {
        return string();
      }
      default -> {
        int start = at;
        while (at < text.length() && ",]} \n\r\t".indexOf(text.charAt(at)) < 0) {
          at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
          case "true" -> true;
          case "false" -> false;
          case "null" -> null;
          default -> word.matches("-?[0-9]+") ? (Object) Long.valueOf(word) : Double.valueOf(word);
        };
      }
    }
  }

  private String string() {
    var out = new StringBuilder();
    at++;
    while (text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      c = text.charAt(at++);
      switch (c) {
        case 'n' -> out.append('\n');
        case 't' -> out.append('\t');
        case 'r' -> out.append('\r');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'u' -> {
          out.append((char) Integer.parseInt(text, at, at + 4, 16));
          at += 4;
        }
        default -> out.append(c);
      }
    }
    at++;
    return out.toString();
  }
}
