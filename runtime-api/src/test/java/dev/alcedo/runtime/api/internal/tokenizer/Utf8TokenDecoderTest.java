// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.CONTROL;
import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.NORMAL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.runtime.api.spi.TokenDecoder;
import dev.alcedo.runtime.api.spi.Tokenizer;
import org.junit.jupiter.api.Test;

class Utf8TokenDecoderTest {
  private final Tokenizer bytes = SmallVocabulary.bpe("gpt-2").add("<c>", CONTROL).open();
  private final TokenDecoder decoder = bytes.decoder();

  @Test
  void holds_back_until_the_character_is_complete() {
    assertEquals("", decoder.next(0xF0));
    assertEquals("", decoder.next(0x9F));
    assertEquals("", decoder.next(0x90));
    assertEquals("🐦", decoder.next(0xA6));
    assertEquals("a", decoder.next('a'));
    assertEquals("", decoder.finish());
  }

  @Test
  void malformed_bytes_are_replaced_as_soon_as_they_are_known_to_be() {
    assertEquals("", decoder.next(0xE6));
    assertEquals("\uFFFDa", decoder.next('a'));
    assertEquals("\uFFFD", decoder.next(0xFF));
    assertEquals("\uFFFD", decoder.next(0x80));
    assertEquals("", decoder.next(0xC3));
    assertEquals("\uFFFD", decoder.finish());
    assertEquals("b", decoder.next('b'));
  }

  @Test
  void control_tokens_have_no_text_and_break_no_character() {
    assertEquals("", decoder.next(0xC3));
    assertEquals("", decoder.next(256));
    assertEquals("é", decoder.next(0xA9));
    assertEquals("<c>", bytes.decode(new int[] {256}, true));
    assertEquals("", bytes.decode(new int[] {256}, false));
  }

  @Test
  void malformed_streams_end_up_as_they_do_at_once() {
    int[] ids = {0xF0, 0x9F, 'x', 0xED, 0xA0, 0x80, 0xC0, 0xAF, 0xF5, 0xE2, 0x96};
    var text = new StringBuilder();
    for (int id : ids) {
      text.append(decoder.next(id));
    }
    text.append(decoder.finish());
    assertEquals(bytes.decode(ids, false), text.toString());
    byte[] raw = new byte[ids.length];
    for (int i = 0; i < ids.length; i++) {
      raw[i] = (byte) ids[i];
    }
    assertEquals(new String(raw, UTF_8), text.toString());
  }

  @Test
  void the_space_prefix_is_taken_away_at_the_start_and_after_control_tokens_only() {
    Tokenizer spm = SmallVocabulary.spm().add("▁a", NORMAL).open();
    TokenDecoder stream = spm.decoder();
    int a = spm.find("▁a").orElseThrow();
    assertEquals("a", stream.next(a));
    assertEquals(" a", stream.next(a));
    assertEquals("", stream.next(spm.endId().orElseThrow()));
    assertEquals("a", stream.next(a));
    stream.finish();
    assertEquals("a", stream.next(a));
    assertEquals(" a", new String(spm.bytes(a, false), UTF_8));
  }

  @Test
  void fed_with_the_prompts_last_token_it_goes_on_in_the_middle() {
    Tokenizer spm = SmallVocabulary.spm().add("▁a", NORMAL).open();
    TokenDecoder stream = spm.decoder();
    int a = spm.find("▁a").orElseThrow();
    stream.next(a);
    assertEquals(" a", stream.next(a));
  }
}
