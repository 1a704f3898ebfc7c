// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.BYTE;
import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.NORMAL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.spi.TextTrust;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tables that contradict themselves or hold nonsense: one clear error each, or what llama.cpp does
/// where real files are like that.
class HostileTablesTest {
  private static void refuses(SmallVocabulary vocabulary, String... words) {
    var e = assertThrows(ModelFormatException.class, vocabulary::open);
    assertTrue(e.getMessage().startsWith("small.gguf: "), e.getMessage());
    for (String word : words) {
      assertTrue(e.getMessage().contains(word), () -> e.getMessage() + " without " + word);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<0x-1>", "<0x+A>", "<0xG0>", "<0x0>", "<0x000>", "<0X00>", "<0x0a", "byte", "<0x０1>"
      })
  void a_byte_token_is_spelled_as_a_byte(String piece) {
    refuses(SmallVocabulary.spm().add(piece, BYTE), "<0xNN>", "id 260");
  }

  @Test
  void pieces_are_unique() {
    refuses(SmallVocabulary.spm().letters("ab").add("a", NORMAL), "'a'", "260 and 262");
    refuses(
        SmallVocabulary.spm().add("x\u0007\u001b[31m", NORMAL).add("x\u0007\u001b[31m", NORMAL),
        "x\\u{7}\\u{1b}[31m");
  }

  @Test
  void empty_pieces_get_a_name() {
    var tokenizer = SmallVocabulary.spm().add("", NORMAL).add("", NORMAL).open();
    assertEquals("[EMPTY_261]", tokenizer.piece(261));
  }

  @Test
  void tables_are_as_long_as_the_pieces() {
    String types = "tokenizer.ggml.token_type";
    refuses(SmallVocabulary.spm().set(types, new long[259]), types, "260", "259");
    refuses(SmallVocabulary.spm().set(types, new long[261]), types, "260", "261");
    String scores = "tokenizer.ggml.scores";
    refuses(SmallVocabulary.spm().set(scores, new double[259]), scores, "260", "259");
    refuses(SmallVocabulary.spm().set(scores, new double[0]), scores, "260", "0");
  }

  @Test
  void tables_are_there() {
    refuses(SmallVocabulary.spm().without("tokenizer.ggml.tokens"), "tokens", "missing");
    refuses(SmallVocabulary.spm().without("tokenizer.ggml.scores"), "scores", "missing");
    refuses(SmallVocabulary.bpe("gpt-2").without("tokenizer.ggml.merges"), "merges", "missing");
    refuses(SmallVocabulary.spm().set("tokenizer.ggml.tokens", List.of()), "tokens", "none");
  }

  @Test
  void tables_hold_what_they_should() {
    refuses(SmallVocabulary.spm().set("tokenizer.ggml.tokens", 7L), "array of strings");
    refuses(SmallVocabulary.spm().set("tokenizer.ggml.token_type", "x"), "array of integers");
    refuses(SmallVocabulary.spm().add("a", 7), "0 to 6", "7", "id 260");
    refuses(SmallVocabulary.spm().add("a", -1), "0 to 6", "-1");
    refuses(SmallVocabulary.spm().add("a", NORMAL, Double.NaN), "NaN", "id 260");
    refuses(SmallVocabulary.spm().set("tokenizer.chat_template", 1L), "a string");
  }

  @Test
  void infinite_scores_are_scores() {
    var tokenizer =
        SmallVocabulary.spm()
            .letters("ab")
            .add("aa", NORMAL, Double.NEGATIVE_INFINITY)
            .add("ab", NORMAL, Double.POSITIVE_INFINITY)
            .open();
    int[] ids = tokenizer.encode("aab", false, TextTrust.NONE);
    assertEquals("ab", tokenizer.piece(ids[2]));
  }

  @Test
  void pieces_have_a_longest_length() {
    refuses(SmallVocabulary.spm().add("a".repeat(4097), NORMAL), "4096", "4097", "id 260");
    assertEquals(261, SmallVocabulary.spm().add("a".repeat(4096), NORMAL).open().vocabSize());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bos", "eos", "eot", "eom", "unknown"})
  void special_ids_are_in_range(String name) {
    String key = "tokenizer.ggml." + name + "_token_id";
    refuses(SmallVocabulary.spm().set(key, 260L), key, "0 to 259", "260");
    refuses(SmallVocabulary.spm().set(key, -2L), key, "0 to 259", "-2");
    refuses(SmallVocabulary.spm().set(key, Long.MAX_VALUE), key);
    refuses(SmallVocabulary.spm().set(key, "1"), key, "an integer");
  }

  @Test
  void minus_one_is_no_special_id() {
    for (long none : new long[] {-1, 0xffff_ffffL}) {
      var vocabulary = SmallVocabulary.spm().set("tokenizer.ggml.eos_token_id", none);
      assertTrue(vocabulary.open().endId().isEmpty());
    }
  }

  @Test
  void a_token_to_add_is_there() {
    refuses(
        SmallVocabulary.bpe("gpt-2").set("tokenizer.ggml.add_bos_token", true),
        "add_bos_token",
        "bos_token_id");
    refuses(
        SmallVocabulary.bpe("gpt-2").set("tokenizer.ggml.add_eos_token", true),
        "add_eos_token",
        "eos_token_id");
    // Llama 3's default asks for a begin token only where there is one.
    assertEquals(
        0, SmallVocabulary.bpe("llama-bpe").open().encode("", true, TextTrust.NONE).length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "ab", " ", " b", "a ", "  "})
  void merges_are_two_pieces(String merge) {
    refuses(SmallVocabulary.bpe("gpt-2").merge("a", "b").rawMerge(merge), "merges", "entry 1");
  }

  @Test
  void a_vocabulary_of_one_piece_works() {
    var tokenizer = SmallVocabulary.emptySpm().add("a", NORMAL).open();
    assertEquals(1, tokenizer.vocabSize());
    assertTrue(tokenizer.beginId().isEmpty());
    int[] ids = tokenizer.encode("aé", true, TextTrust.ALL);
    assertTrue(ids.length > 0);
  }

  @Test
  void ids_out_of_range_are_the_callers_fault() {
    var tokenizer = SmallVocabulary.spm().open();
    for (int id : new int[] {-1, 260, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      assertThrows(IllegalArgumentException.class, () -> tokenizer.bytes(id, true));
      assertThrows(IllegalArgumentException.class, () -> tokenizer.piece(id));
      assertThrows(IllegalArgumentException.class, () -> tokenizer.decoder().next(id));
      assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {id}, false));
      assertFalse(tokenizer.isEnd(id));
    }
  }

  @Test
  void providers_say_what_they_do_not_know() {
    var spm = new SpmTokenizerProvider();
    var bpe = new BpeTokenizerProvider();
    var strange = SmallVocabulary.bpe("never-heard-of").metadata();
    assertTrue(
        bpe.supports(strange) instanceof Support.Unsupported(String why)
            && why.contains("'never-heard-of'")
            && why.contains("qwen2"));
    var e = assertThrows(UnsupportedModelException.class, () -> bpe.open(strange));
    assertTrue(e.getMessage().contains("never-heard-of"), e.getMessage());
    for (Map<String, Object> values :
        List.<Map<String, Object>>of(
            Map.of(),
            Map.of("tokenizer.ggml.model", 3L),
            Map.of("tokenizer.ggml.model", "bert"),
            Map.of("tokenizer.ggml.model", "gpt2", "tokenizer.ggml.pre", 4L))) {
      var metadata = new Metadata("x.gguf", values);
      assertFalse(spm.supports(metadata).isSupported());
      assertFalse(bpe.supports(metadata).isSupported());
    }
  }
}
