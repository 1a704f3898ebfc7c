// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntegerRangeTest {
  // Without quotes and blanks the expression is a regular one.
  private static Pattern pattern(long min, long max) {
    return Pattern.compile(IntegerRange.of(min, max).replace("\"", "").replace(" ", ""));
  }

  @Test
  void allSmallRanges() {
    for (int min = -25; min <= 120; min += 5) {
      for (int max = min; max <= 130; max += 3) {
        Pattern pattern = pattern(min, max);
        for (int n = -140; n <= 1100; n++) {
          boolean isIn = n >= min && n <= max;
          assertEquals(
              isIn,
              pattern.matcher(String.valueOf(n)).matches(),
              "%d in %d to %d: %s".formatted(n, min, max, pattern));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 999999999999999, 999999999999999, true",
    "17, 123456789, 123456789, true",
    "17, 123456789, 123456790, false",
    "17, 123456789, 99999999, true",
    "-500, 70000, -501, false",
    "-500, 70000, -500, true",
    "-500, 70000, 70001, false",
    "5, 5, 5, true",
    "0, 9, 05, false",
  })
  void largeRanges(long min, long max, String number, boolean isIn) {
    assertEquals(isIn, pattern(min, max).matcher(number).matches());
  }
}
