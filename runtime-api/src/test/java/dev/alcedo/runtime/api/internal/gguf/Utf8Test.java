// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.testkit.Seeds;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(Seeds.class)
class Utf8Test {
  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "\u00e9\u2581\ufffd", "\ud83d\udc26 bird", "\ud83d\udc80"})
  void valid_text_is_plain_java(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    assertEquals(text, Utf8.decode(bytes, bytes.length));
    assertTrue(Utf8.isValid(text));
    assertArrayEquals(bytes, Utf8.encode(text));
  }

  /// Lone continuation, cut sequences, overlong, an encoded surrogate, beyond U+10FFFF.
  @ParameterizedTest
  @ValueSource(strings = {"80", "41e2", "e29642", "c080", "eda080", "f4908080", "ff", "efbfbdff"})
  void invalid_bytes_survive(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    String text = Utf8.decode(bytes, bytes.length);
    assertFalse(Utf8.isValid(text));
    assertArrayEquals(bytes, Utf8.encode(text));
  }

  @Test
  void random_bytes_survive() {
    var random = Seeds.random("utf8");
    for (int i = 0; i < 20_000; i++) {
      var bytes = new byte[random.nextInt(12)];
      random.nextBytes(bytes);
      String text = Utf8.decode(bytes, bytes.length);
      assertArrayEquals(bytes, Utf8.encode(text), () -> HexFormat.of().formatHex(bytes));
    }
  }
}
