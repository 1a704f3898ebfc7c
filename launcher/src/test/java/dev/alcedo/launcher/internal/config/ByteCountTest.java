// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ByteCountTest {
  @ParameterizedTest
  @CsvSource({"0, 0", "2048, 2048", "64K, 65536", "1500m, 1572864000", "2G, 2147483648"})
  void readsNumbersWithUnits(String text, long bytes) {
    assertEquals(bytes, new ByteCount().convert(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "G", "-1", "1.5G", "2GB", "2 G", "999999999999999G", "99999999999999999"})
  void refusesWhatIsNone(String text) {
    String message =
        assertThrows(TypeConversionException.class, () -> new ByteCount().convert(text))
            .getMessage();
    assertTrue(message.endsWith("got '%s'".formatted(text)), message);
  }
}
