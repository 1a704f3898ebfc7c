// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigitSplitterTest {
  private static String cut(DigitSplitter splitter, String text) {
    List<String> parts = new ArrayList<>();
    splitter.split(text, 0, text.length(), (start, end) -> parts.add(text.substring(start, end)));
    return String.join("|", parts);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "12, 12",
    "123, 123",
    "1234, 1|234",
    "12345, 12|345",
    "1234567, 1|234|567",
    "abc, abc",
    "ab1234cd, ab1|234|cd",
    "x123 45y, x123| 45|y",
    "٣٣٣٣, ٣|٣٣٣",
    "𝟗𝟗𝟗𝟗, 𝟗|𝟗𝟗𝟗",
  })
  void groups_take_what_stands_before_them(String text, String expected) {
    assertEquals(expected, cut(DigitSplitter.AFTER_GROUPS, text));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "12, 12",
    "123, 123",
    "1234, 1|234",
    "12345, 12|345",
    "1234567, 1|234|567",
    "abc, abc",
    "ab1234cd, ab1|234cd",
    "12½3456, 12½3|456",
    "123½456, 123½|456",
    "٣٣٣٣, ٣٣٣٣",
  })
  void groups_take_what_stands_behind_them(String text, String expected) {
    assertEquals(expected, cut(DigitSplitter.BEFORE_GROUPS, text));
  }
}
