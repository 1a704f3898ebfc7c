// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.IsoFields;
import java.util.Locale;

/// C's `strftime` in its own locale; unknown letters stand for themselves.
final class Strftime {
  private Strftime() {}

  static String format(LocalDateTime now, String format) {
    var out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        out.append(c);
        continue;
      }
      char letter = format.charAt(++i);
      boolean isBare = letter == '-' && i + 1 < format.length();
      if (isBare) {
        letter = format.charAt(++i);
      }
      String field = field(now, letter);
      out.append(isBare ? withoutZeros(field) : field);
    }
    return out.toString();
  }

  private static String withoutZeros(String field) {
    return field.replaceFirst("^[0 ]+(?=.)", "");
  }

  private static String field(LocalDateTime now, char letter) {
    return switch (letter) {
      case 'Y' -> Integer.toString(now.getYear());
      case 'y' -> pattern(now, "uu");
      case 'C' -> "%02d".formatted(now.getYear() / 100);
      case 'm' -> pattern(now, "MM");
      case 'B' -> pattern(now, "MMMM");
      case 'b', 'h' -> pattern(now, "MMM");
      case 'd' -> pattern(now, "dd");
      case 'e' -> "%2d".formatted(now.getDayOfMonth());
      case 'j' -> pattern(now, "DDD");
      case 'A' -> pattern(now, "EEEE");
      case 'a' -> pattern(now, "EEE");
      case 'u' -> Integer.toString(now.getDayOfWeek().getValue());
      case 'w' -> Integer.toString(now.getDayOfWeek().getValue() % 7);
      case 'V' -> "%02d".formatted(now.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case 'G' -> Integer.toString(now.get(IsoFields.WEEK_BASED_YEAR));
      case 'H' -> pattern(now, "HH");
      case 'I' -> pattern(now, "hh");
      case 'p' -> now.getHour() < 12 ? "AM" : "PM";
      case 'M' -> pattern(now, "mm");
      case 'S' -> pattern(now, "ss");
      case 'f' -> "%06d".formatted(now.getNano() / 1000);
      case 'D', 'x' -> pattern(now, "MM/dd/uu");
      case 'F' -> pattern(now, "uuuu-MM-dd");
      case 'T', 'X' -> pattern(now, "HH:mm:ss");
      case 'R' -> pattern(now, "HH:mm");
      case 'r' -> pattern(now, "hh:mm:ss ") + field(now, 'p');
      case 'c' -> pattern(now, "EEE MMM ") + field(now, 'e') + pattern(now, " HH:mm:ss uuuu");
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'z', 'Z' -> ""; // the time of this place, whose zone is not told
      case '%' -> "%";
      default -> "%" + letter;
    };
  }

  private static String pattern(LocalDateTime now, String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(now);
  }
}
