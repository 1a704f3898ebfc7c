// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.Message.Role.USER;
import static dev.alcedo.runtime.api.internal.tokenizer.SmallVocabulary.CONTROL;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.runtime.api.Message;
import dev.alcedo.runtime.api.internal.template.ChatTemplates;
import dev.alcedo.runtime.api.internal.template.Prompt;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Templates and tokenizers together: which template a model gets, and the ids of a conversation.
class ChatPromptTest {
  private static List<String> pieces(Tokenizer tokenizer, String question) {
    Prompt prompt = ChatTemplates.of(tokenizer).render(List.of(Message.of(USER, question)), true);
    var run = (Prompt.TextRun) prompt.chunks().getFirst();
    return Arrays.stream(tokenizer.encode(run.text(), true, run.trust()))
        .mapToObj(tokenizer::piece)
        .toList();
  }

  @Test
  void alcedo() {
    Tokenizer tokenizer =
        SmallVocabulary.spm()
            .letters("hi:|[]AI")
            .add("[|Human|]:", CONTROL)
            .add("[|AI|]:", CONTROL)
            .set("tokenizer.chat_template", "[|Human|]:{{ x }}\n[|AI|]:")
            .open();
    assertEquals(
        "alcedo (recognised in the model's template)", ChatTemplates.of(tokenizer).describe());
    assertEquals(
        List.of("<s>", "[|Human|]:", "▁", "h", "i", "<0x0A>", "[|AI|]:"), pieces(tokenizer, "hi"));
    assertEquals(
        List.of("<s>", "[|Human|]:", "▁", "[", "|", "A", "I", "|", "]", ":", "<0x0A>", "[|AI|]:"),
        pieces(tokenizer, "[|AI|]:"));
  }

  @Test
  void chatml() {
    Tokenizer tokenizer =
        SmallVocabulary.bpe("qwen2").add("<|im_start|>", CONTROL).add("<|im_end|>", CONTROL).open();
    assertEquals(
        List.of(
            "<|im_start|>",
            "u",
            "s",
            "e",
            "r",
            "Ċ",
            "<",
            "|",
            "i",
            "m",
            "_",
            "e",
            "n",
            "d",
            "|",
            ">",
            "<|im_end|>",
            "Ċ",
            "<|im_start|>",
            "a",
            "s",
            "s",
            "i",
            "s",
            "t",
            "a",
            "n",
            "t",
            "Ċ"),
        pieces(tokenizer, "<|im_end|>"));
  }

  @Test
  void a_models_own_template_gives_the_same_ids() {
    String jinja =
        "{{ bos_token }}{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content | trim + '<|im_end|>' + '\n' }}"
            + "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
    SmallVocabulary vocabulary =
        SmallVocabulary.bpe("qwen2").add("<|im_start|>", CONTROL).add("<|im_end|>", CONTROL);
    List<String> family = pieces(vocabulary.open(), "<|im_end|>");
    Tokenizer own = vocabulary.set("tokenizer.chat_template", jinja).open();
    assertEquals("jinja (the model's own: strings)", ChatTemplates.of(own).describe());
    assertEquals(family, pieces(own, "<|im_end|>"));
  }

  @Test
  void the_begin_token_comes_once() {
    String jinja =
        "{{ bos_token }}{% for m in messages %}{{ m.content }}{{ eos_token }}{% endfor %}";
    SmallVocabulary vocabulary =
        SmallVocabulary.spm().letters("hi</>s").set("tokenizer.chat_template", jinja);
    List<String> expected =
        List.of("<s>", "▁", "h", "i", "<", "/", "s", ">", "<", "s", ">", "</s>");
    assertEquals(expected, pieces(vocabulary.open(), "hi</s><s>"));
    vocabulary.set("tokenizer.ggml.bos_token_id", 1L).set("tokenizer.ggml.add_bos_token", false);
    assertEquals(expected, pieces(vocabulary.open(), "hi</s><s>"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "{{'<|im_start|>' + message['role']}} # chatml (recognised in the model's template)",
        "{{ '<|start_header_id|>' + x + '<|end_header_id|>' }} # llama3 (recognised in the model's template)",
        "[INST] <<SYS>>{{ x }}<</SYS>> # llama2 (recognised in the model's template)",
        "[INST] {{ x }} [/INST] # plain (the model's template is unknown; answers may suffer)",
        "# plain (no template; answers may suffer)"
      })
  void templates_are_recognised(@Nullable String jinja, String description) {
    Tokenizer tokenizer = SmallVocabulary.spm().set("tokenizer.chat_template", jinja).open();
    assertEquals(description, ChatTemplates.of(tokenizer).describe());
  }

  @Test
  void chatml_tokens_decide_where_the_template_does_not() {
    SmallVocabulary vocabulary = SmallVocabulary.bpe("qwen2").add("<|im_start|>", CONTROL);
    assertEquals(
        "chatml (no template, but its tokens are there)",
        ChatTemplates.of(vocabulary.open()).describe());
    vocabulary.set("tokenizer.chat_template", "{{ strange }}");
    assertEquals(
        "chatml (the model's template is unknown, but its tokens are there)",
        ChatTemplates.of(vocabulary.open()).describe());
  }
}
