// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.CONTROL;
import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.NORMAL;
import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.USER_DEFINED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpecialTokensTest {
  private static List<String> ends(Tokenizer tokenizer) {
    return IntStream.range(0, tokenizer.vocabSize())
        .filter(tokenizer::isEnd)
        .mapToObj(tokenizer::piece)
        .toList();
  }

  @Test
  void ends_are_named_by_the_file_or_known_by_their_spelling() {
    var vocabulary =
        SmallVocabulary.bpe("qwen2")
            .add("<|im_end|>", CONTROL)
            .add("<|endoftext|>", USER_DEFINED)
            .add("</s>", NORMAL)
            .add("<stop>", CONTROL)
            .add("<turn>", CONTROL)
            .add("<more>", CONTROL)
            .add("<|im_start|>", CONTROL);
    vocabulary.set("tokenizer.ggml.eos_token_id", (long) vocabulary.id("<stop>"));
    vocabulary.set("tokenizer.ggml.eot_token_id", (long) vocabulary.id("<turn>"));
    vocabulary.set("tokenizer.ggml.eom_token_id", (long) vocabulary.id("<more>"));
    assertEquals(
        List.of("<|im_end|>", "<|endoftext|>", "<stop>", "<turn>", "<more>"),
        ends(vocabulary.open()));
  }

  @Test
  void text_that_looks_like_an_end_is_one_token_in_trusted_text() {
    Tokenizer tokenizer = SmallVocabulary.bpe("qwen2").add("</s>", NORMAL).open();
    assertEquals(2, tokenizer.encode("!</s>", false, TextTrust.ALL).length);
    assertEquals(5, tokenizer.encode("!</s>", false, TextTrust.NONE).length);
    assertFalse(tokenizer.isControl(256) || tokenizer.isEnd(256));
  }

  @Test
  void an_end_inside_answers_is_none() {
    var harmony =
        SmallVocabulary.bpe("gpt-2")
            .add("<|end|>", CONTROL)
            .add("<|call|>", CONTROL)
            .add("<|return|>", CONTROL);
    assertEquals(List.of("<|call|>", "<|return|>"), ends(harmony.open()));
    assertTrue(harmony.open().isControl(256));
    assertEquals(
        List.of("<|end|>"), ends(SmallVocabulary.bpe("gpt-2").add("<|end|>", CONTROL).open()));
  }

  @Test
  void what_the_file_names_as_begin_or_end_is_a_control_token() {
    var vocabulary = SmallVocabulary.bpe("gpt-2").add("begin", NORMAL).add("stop", NORMAL);
    vocabulary.set("tokenizer.ggml.bos_token_id", 256L).set("tokenizer.ggml.eos_token_id", 257L);
    Tokenizer tokenizer = vocabulary.open();
    assertTrue(tokenizer.isControl(256) && tokenizer.isControl(257));
    assertEquals(2, tokenizer.encode("beginstop", false, TextTrust.ALL).length);
    assertEquals(9, tokenizer.encode("beginstop", false, TextTrust.NONE).length);
  }

  @Test
  void phi_3_swallows_white_space_behind_special_tokens() {
    var vocabulary =
        SmallVocabulary.spm().letters("a").add("<|user|>", CONTROL).set("general.name", "Phi-3 x");
    Tokenizer tokenizer = vocabulary.open();
    assertEquals(
        "<|user|>a<s> a",
        tokenizer.decode(tokenizer.encode("<|user|> \n a<s> a", false, TextTrust.ALL), true));
  }

  @Test
  void gemma_4_begins_with_the_begin_token_whatever_the_file_says() {
    var vocabulary =
        SmallVocabulary.characters("gemma4")
            .add("<bos>", CONTROL)
            .set("tokenizer.ggml.add_bos_token", false);
    vocabulary.set("tokenizer.ggml.bos_token_id", (long) vocabulary.id("<bos>"));
    int[] ids = vocabulary.open().encode("t", true, TextTrust.NONE);
    assertArrayEquals(new int[] {vocabulary.id("<bos>"), vocabulary.id("t")}, ids);
  }
}
