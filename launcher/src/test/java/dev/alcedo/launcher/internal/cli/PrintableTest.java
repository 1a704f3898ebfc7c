// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void escapesDoNotReachTheTerminal() {
    assertEquals("a\ufffd[2Jb\nc\td", Printable.text("a\u001b[2Jb\nc\td"));
    assertEquals("\ufffd", Printable.text("\u009b"));
  }

  @Test
  void linesBecomeOne() {
    assertEquals("a; b c\ufffd", Printable.line("a\r\n  b\tc\u0007\n"));
  }

  @Test
  void ordinaryTextIsUntouched() {
    String text = "Grüße, 世界 🐦";
    assertEquals(text, Printable.text(text));
    assertEquals(text, Printable.line(text));
  }
}
