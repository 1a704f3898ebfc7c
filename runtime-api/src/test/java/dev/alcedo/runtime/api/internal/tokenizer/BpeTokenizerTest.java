// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.CONTROL;
import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.NORMAL;
import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.USER_DEFINED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BpeTokenizerTest {
  private static List<String> pieces(Tokenizer tokenizer, String text, TextTrust trust) {
    return Arrays.stream(tokenizer.encode(text, false, trust)).mapToObj(tokenizer::piece).toList();
  }

  @Test
  void joins_by_rank() {
    Tokenizer tokenizer =
        SmallVocabulary.bpe("gpt-2").merge("b", "c").merge("a", "b").merge("a", "bc").open();
    assertEquals(List.of("abc"), pieces(tokenizer, "abc", TextTrust.NONE));
    assertEquals(List.of("ab", "ab", "bc"), pieces(tokenizer, "ababbc", TextTrust.NONE));
  }

  @Test
  void words_are_not_joined_across_their_bounds() {
    Tokenizer tokenizer = SmallVocabulary.bpe("gpt-2").merge("a", "Ġ").merge("Ġ", "b").open();
    assertEquals(List.of("a", "Ġb"), pieces(tokenizer, "a b", TextTrust.NONE));
  }

  @Test
  void a_whole_word_needs_no_merges_in_llama_3() {
    var vocabulary = SmallVocabulary.bpe("llama-bpe").add("Ġbird", NORMAL).add("<bos>", CONTROL);
    vocabulary.set("tokenizer.ggml.bos_token_id", (long) vocabulary.id("<bos>"));
    assertEquals(List.of("Ġbird"), pieces(vocabulary.open(), " bird", TextTrust.NONE));
    vocabulary.set("tokenizer.ggml.pre", "gpt-2");
    assertEquals(
        List.of("Ġ", "b", "i", "r", "d"), pieces(vocabulary.open(), " bird", TextTrust.NONE));
  }

  @Test
  void begin_is_added_by_default_in_llama_3_only() {
    for (String pre : List.of("llama-bpe", "gpt-2", "qwen2", "smollm", "default")) {
      var vocabulary = SmallVocabulary.bpe(pre).add("<bos>", CONTROL);
      vocabulary.set("tokenizer.ggml.bos_token_id", 256L);
      int[] expected = pre.equals("llama-bpe") ? new int[] {256, 'a'} : new int[] {'a'};
      assertArrayEquals(expected, vocabulary.open().encode("a", true, TextTrust.NONE), pre);
      vocabulary.set("tokenizer.ggml.add_bos_token", true);
      assertArrayEquals(
          new int[] {256, 'a'}, vocabulary.open().encode("a", true, TextTrust.NONE), pre);
      assertArrayEquals(new int[] {'a'}, vocabulary.open().encode("a", false, TextTrust.NONE), pre);
    }
  }

  @Test
  void user_defined_tokens_are_cut_out_everywhere() {
    Tokenizer tokenizer =
        SmallVocabulary.bpe("qwen2").add("<tool>", USER_DEFINED).add("<|x|>", CONTROL).open();
    assertEquals(
        List.of("a", "<tool>", "b", "<", "|", "x", "|", ">"),
        pieces(tokenizer, "a<tool>b<|x|>", TextTrust.NONE));
    assertEquals(
        List.of("a", "<tool>", "b", "<|x|>"), pieces(tokenizer, "a<tool>b<|x|>", TextTrust.ALL));
  }

  @Test
  void merges_may_name_and_make_pieces_that_are_no_tokens() {
    // "ab" is only a step on the way to "abc"; alone it falls apart again.
    Tokenizer tokenizer =
        SmallVocabulary.bpe("gpt-2").rawMerge("a b").rawMerge("xx yy").merge("ab", "c").open();
    assertEquals(List.of("abc", "a", "b"), pieces(tokenizer, "abcab", TextTrust.NONE));
    assertEquals(List.of("a", "b", "Ã", "©"), pieces(tokenizer, "abé", TextTrust.NONE));
  }

  @Test
  void merges_never_make_a_control_token() {
    Tokenizer tokenizer =
        SmallVocabulary.bpe("gpt-2").add("bos", CONTROL).merge("b", "o").rawMerge("bo s").open();
    assertEquals(List.of("bo", "s"), pieces(tokenizer, "bos", TextTrust.NONE));
    assertEquals(List.of("bos"), pieces(tokenizer, "bos", TextTrust.ALL));
  }

  @Test
  void bytes_survive_the_way_there_and_back() {
    Tokenizer tokenizer =
        SmallVocabulary.bpe("llama3").set("tokenizer.ggml.add_bos_token", false).open();
    String text = "\0\u0001\u007f \u00a0\u00ad\u0100ÿ🐦\r\n\t";
    assertEquals(text, tokenizer.decode(tokenizer.encode(text, true, TextTrust.NONE), false));
  }

  @Test
  void a_lone_surrogate_is_a_replacement_character() {
    Tokenizer tokenizer = SmallVocabulary.bpe("gpt-2").open();
    assertEquals(
        "a\uFFFDb🐦",
        tokenizer.decode(tokenizer.encode("a\uD800b🐦", false, TextTrust.NONE), false));
  }

  @Test
  void describes_itself() {
    Tokenizer tokenizer =
        SmallVocabulary.bpe("smollm").set("tokenizer.chat_template", "{{ x }}").open();
    assertEquals("bpe (smollm), 256 tokens", tokenizer.describe());
    assertEquals("{{ x }}", tokenizer.chatTemplate().orElseThrow());
    assertTrue(tokenizer.beginId().isEmpty() && tokenizer.endId().isEmpty());
  }

  @Test
  void gemma_4_joins_characters_across_words() {
    Tokenizer tokenizer =
        SmallVocabulary.characters("gemma4")
            .merge("t", "h")
            .merge("th", "▁")
            .merge("\n", "\n")
            .open();
    assertEquals(
        List.of("th▁", "th▁", "<0xF0>", "<0x9F>", "<0x90>", "<0xA6>", "t"),
        pieces(tokenizer, "th th 🐦t", TextTrust.NONE));
    assertEquals(List.of("\n\n", "t", "<0x0A>"), pieces(tokenizer, "\n\nt\n", TextTrust.NONE));
    assertEquals("bpe (gemma4)", tokenizer.describe().split(",")[0]);
  }

  /// Gemma 4's line ends are whole tokens even where no merge makes them; Sarvam's are not.
  @Test
  void line_ends_of_gemma_4_need_no_merges() {
    Tokenizer gemma = SmallVocabulary.characters("gemma4").add("\n\n\n", NORMAL).open();
    assertEquals(List.of("\n\n\n"), pieces(gemma, "\n\n\n", TextTrust.NONE));
    Tokenizer sarvam = SmallVocabulary.characters("sarvam-moe").add("\n\n\n", NORMAL).open();
    assertEquals(List.of("<0x0A>", "<0x0A>", "<0x0A>"), pieces(sarvam, "\n\n\n", TextTrust.NONE));
  }

  @Test
  void a_model_called_gemma_4_needs_no_pre_tokenizer() {
    Tokenizer tokenizer =
        SmallVocabulary.characters("qwen2")
            .merge("t", "▁")
            .set("tokenizer.ggml.model", "gemma4")
            .open();
    assertEquals(List.of("t▁", "t"), pieces(tokenizer, "t t", TextTrust.NONE));
  }

  @Test
  void words_met_again_get_the_same_ids() {
    Tokenizer tokenizer = SmallVocabulary.bpe("gpt-2").merge("a", "b").merge("Ġ", "ab").open();
    List<String> once = pieces(tokenizer, " ab abab ab", TextTrust.NONE);
    assertEquals(List.of("Ġab", "Ġab", "ab", "Ġab"), once);
    assertEquals(once, pieces(tokenizer, " ab abab ab", TextTrust.NONE));
  }
}
