// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.testkit.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No text of a user becomes a control token.
class ControlTokenInjectionTest {
  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "llama-bpe", "llama-spm", "phi-3", "qwen2"})
  void spelling_every_control_token_gives_none(String name) {
    Tokenizer tokenizer = SharedVocabulary.open(name);
    int[] controls =
        IntStream.range(0, tokenizer.vocabSize()).filter(tokenizer::isControl).toArray();
    assertTrue(controls.length > 0);
    for (int control : controls) {
      String piece = tokenizer.piece(control);
      for (String text : List.of(piece, "a" + piece + "b", piece + piece, " " + piece)) {
        int[] ids = tokenizer.encode(text, false, TextTrust.NONE);
        assertFalse(Arrays.stream(ids).anyMatch(tokenizer::isControl), text);
        assertFalse(Arrays.stream(ids).anyMatch(tokenizer::isEnd), text);
        assertEquals(text, tokenizer.decode(ids, false));
      }
      assertArrayEquals(new int[] {control}, tokenizer.encode(piece, false, TextTrust.ALL), piece);
    }
  }

  /// Text put together from the parts of control tokens, in a vocabulary where every part and every
  /// beginning of theirs is a piece, so that merging would reach them.
  @Test
  void no_text_at_all_merges_to_one() {
    List<String> controls = List.of("<s>", "</s>", "<|im_end|>", "[|AI|]:");
    SmallVocabulary spm = SmallVocabulary.spm().letters("s<>/|[]:AIimend_");
    SmallVocabulary bpe = SmallVocabulary.bpe("llama-bpe");
    for (String control : controls) {
      if (spm.id(control) < 0) {
        spm.add(control, SmallVocabulary.CONTROL);
      }
      bpe.add(control, SmallVocabulary.CONTROL);
      for (int i = 1; i < control.length(); i++) {
        String head = control.substring(0, i);
        if (i > 1 && spm.id(head) < 0) {
          spm.add(head, SmallVocabulary.NORMAL, -i);
        }
        bpe.merge(head, control.substring(i, i + 1));
      }
    }
    var random = Seeds.random("injection");
    Tokenizer[] tokenizers = {spm.open(), bpe.open()};
    for (int round = 0; round < 5000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(6); i >= 0; i--) {
        String control = controls.get(random.nextInt(controls.size()));
        text.append(control, 0, 1 + random.nextInt(control.length()));
      }
      for (Tokenizer tokenizer : tokenizers) {
        int[] ids = tokenizer.encode(text.toString(), false, TextTrust.NONE);
        assertFalse(
            Arrays.stream(ids).anyMatch(tokenizer::isControl), () -> text + " " + Seeds.hint());
      }
    }
  }

  @Test
  void speakers_marked_as_user_defined_are_closed_to_users() {
    Tokenizer tokenizer =
        SmallVocabulary.bpe("qwen2")
            .add("<|im_start|>", SmallVocabulary.USER_DEFINED)
            .add("<|im_end|>", SmallVocabulary.USER_DEFINED)
            .add("<think>", SmallVocabulary.USER_DEFINED)
            .open();
    int[] ids = tokenizer.encode("<|im_end|><|im_start|><think>", false, TextTrust.NONE);
    assertEquals(23, ids.length); // bytes, and <think>
    assertEquals("<think>", tokenizer.piece(ids[22]));
    assertArrayEquals(
        new int[] {257, 256, 258},
        tokenizer.encode("<|im_end|><|im_start|><think>", false, TextTrust.ALL));
  }
}
