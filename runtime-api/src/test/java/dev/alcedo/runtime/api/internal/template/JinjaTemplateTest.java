// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import static dev.alcedo.runtime.api.Message.Role.ASSISTANT;
import static dev.alcedo.runtime.api.Message.Role.SYSTEM;
import static dev.alcedo.runtime.api.Message.Role.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.Message;
import dev.alcedo.runtime.api.PromptPart;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Models' own templates, pictures and system texts included.
class JinjaTemplateTest {
  private static final Image FIRST = new HandedIn();
  private static final Image SECOND = new HandedIn();

  private static final List<Message> TALK =
      List.of(
          new Message(USER, List.of(new PromptPart.Picture(FIRST), new PromptPart.Text("Is this"))),
          Message.of(ASSISTANT, "Yes"),
          new Message(
              USER,
              List.of(
                  new PromptPart.Text("or "),
                  new PromptPart.Picture(SECOND),
                  new PromptPart.Text("that?"))));

  private static Prompt prompt(String jinja, List<Message> messages) {
    ChatTemplate template = ChatTemplates.of(FakeTokenizer.with(jinja));
    assertTrue(template.describe().startsWith("jinja (the model's own"), template.describe());
    Prompt prompt = template.render(messages, true);
    List<Prompt.Picture> pictures =
        prompt.chunks().stream()
            .filter(Prompt.Picture.class::isInstance)
            .map(Prompt.Picture.class::cast)
            .toList();
    IntStream.range(0, pictures.size())
        .forEach(i -> assertEquals(i == 0 ? FIRST : SECOND, pictures.get(i).image()));
    return prompt;
  }

  private static String render(String jinja, List<Message> messages) {
    return prompt(jinja, messages).text("{PICTURE}");
  }

  @Test
  void smolvlm() {
    assertEquals(
        "<|im_start|>User:{PICTURE}Is this<end_of_utterance>\nAssistant: Yes<end_of_utterance>\n"
            + "User: or {PICTURE}that?<end_of_utterance>\nAssistant:",
        render(PictureTemplates.SMOLVLM, TALK));
    assertEquals(
        "<|im_start|>System: Be brief.<end_of_utterance>\nUser: Hi<end_of_utterance>\nAssistant:",
        render(
            PictureTemplates.SMOLVLM,
            List.of(Message.of(SYSTEM, "Be brief."), Message.of(USER, "Hi"))));
  }

  @Test
  void qwen2vl_leaves_the_brackets_to_the_encoder() {
    assertEquals(
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n"
            + "<|im_start|>user\n{PICTURE}Is this<|im_end|>\n<|im_start|>assistant\nYes<|im_end|>\n"
            + "<|im_start|>user\nor {PICTURE}that?<|im_end|>\n<|im_start|>assistant\n",
        render(PictureTemplates.QWEN2VL, TALK));
  }

  @Test
  void gemma3_has_one_begin_token_and_takes_its_system_text() {
    assertEquals(
        "<start_of_turn>user\n{PICTURE}Is this<end_of_turn>\n<start_of_turn>model\nYes<end_of_turn>\n"
            + "<start_of_turn>user\nor{PICTURE}that?<end_of_turn>\n<start_of_turn>model\n",
        render(PictureTemplates.GEMMA3, TALK));
    assertEquals(
        "<start_of_turn>user\nBe brief.\n\nHi<end_of_turn>\n<start_of_turn>model\n",
        render(
            PictureTemplates.GEMMA3,
            List.of(Message.of(SYSTEM, "Be brief."), Message.of(USER, "Hi"))));
  }

  @Test
  void the_begin_token_stays_where_the_tokenizer_adds_none() {
    var tokenizer =
        new FakeTokenizer(List.of("<bos>", "<eos>"), false, Optional.of(PictureTemplates.GEMMA2));
    assertTrue(
        ChatTemplates.of(tokenizer)
            .render(List.of(Message.of(USER, "Hi")), true)
            .text("")
            .startsWith("<bos><start_of_turn>user\nHi"));
  }

  @Test
  void a_begin_token_that_somebody_said_stays() {
    assertEquals(
        "<s>hello", render("{{ messages[-1].content }}", List.of(Message.of(USER, "<s>hello"))));
    assertEquals(
        "<s>hello",
        render("{{ bos_token }}{{ messages[-1].content }}", List.of(Message.of(USER, "<s>hello"))));
  }

  @Test
  void llava_puts_pictures_first_on_lines_of_their_own() {
    assertEquals(
        "USER: {PICTURE}\nIs this ASSISTANT: Yes USER: {PICTURE}\nor  that? ASSISTANT:",
        render(PictureTemplates.LLAVA, TALK));
  }

  @Test
  void minicpmv_takes_the_picture_inside_the_string() {
    assertEquals(
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n"
            + "<|im_start|>user\n{PICTURE}Is this<|im_end|>\n<|im_start|>assistant\nYes<|im_end|>\n"
            + "<|im_start|>user\nor {PICTURE}that?<|im_end|>\n<|im_start|>assistant\n",
        render(PictureTemplates.MINICPMV, TALK));
  }

  @Test
  void internvl() {
    assertEquals(
        "<|im_start|>user\n{PICTURE}\nIs this<|im_end|>\n<|im_start|>assistant\nYes<|im_end|>\n"
            + "<|im_start|>user\nor {PICTURE}\nthat?<|im_end|>\n<|im_start|>assistant\n",
        render(PictureTemplates.INTERNVL, TALK));
  }

  @Test
  void without_a_system_role_system_text_goes_into_the_users() {
    assertEquals(
        "<start_of_turn>user\nBe brief.\n\nHi<end_of_turn>\n<start_of_turn>model\n",
        render(
            PictureTemplates.GEMMA2,
            List.of(Message.of(SYSTEM, "Be brief."), Message.of(USER, "Hi"))));
    assertThrows(
        InvalidRequestException.class,
        () -> render(PictureTemplates.GEMMA2, List.of(Message.of(SYSTEM, "Be brief."))));
  }

  @Test
  void repeated_roles_are_merged_only_where_the_template_refuses_them() {
    List<Message> twice = List.of(Message.of(USER, "a"), Message.of(USER, "b"));
    assertEquals(
        "<start_of_turn>user\na\n\nb<end_of_turn>\n<start_of_turn>model\n",
        render(PictureTemplates.GEMMA2, twice));
    assertTrue(
        render(PictureTemplates.MINICPMV, twice)
            .contains("user\na<|im_end|>\n<|im_start|>user\nb<|im_end|>"));
  }

  @Test
  void what_a_template_refuses_is_an_invalid_request() {
    var e =
        assertThrows(
            InvalidRequestException.class,
            () ->
                render(
                    PictureTemplates.GEMMA2,
                    List.of(Message.of(ASSISTANT, "x"), Message.of(USER, "y"))));
    assertTrue(
        String.valueOf(e.getMessage()).contains("Conversation roles must alternate"),
        e.getMessage());
  }

  @Test
  void token_ids_are_an_invalid_request() {
    var tokens = new Message(USER, List.of(new PromptPart.Tokens(new int[] {1})));
    assertThrows(
        InvalidRequestException.class, () -> render(PictureTemplates.QWEN2VL, List.of(tokens)));
  }

  @Test
  void spelled_placeholders_and_marks_are_no_pictures() {
    String spelled = "<image>\uFFFC<|vision_start|><|image_pad|><|vision_end|><start_of_image>";
    for (String jinja :
        List.of(
            PictureTemplates.SMOLVLM,
            PictureTemplates.QWEN2VL,
            PictureTemplates.GEMMA3,
            PictureTemplates.LLAVA,
            PictureTemplates.MINICPMV)) {
      Prompt prompt =
          prompt(
              jinja,
              List.of(
                  new Message(
                      USER, List.of(new PromptPart.Picture(FIRST), new PromptPart.Text(spelled)))));
      assertEquals(1, prompt.chunks().stream().filter(Prompt.Picture.class::isInstance).count());
      assertTrue(prompt.text("").contains(spelled));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for m in messages %}{{ '<|' + m.role + '|>' + m.content + '<|end|>' }}{% endfor %}",
        "{% for m in messages %}{{ '<|' ~ m.role ~ '|>' ~ m.content | trim | upper ~ '<|end|>' }}{% endfor %}",
        "{% for m in messages %}<|{{ m.role }}|>{{ m['content'].split('x')|join('y') }}<|end|>{% endfor %}",
        "{% for m in messages %}<|{{ m.role }}|>{{ m.content.replace('x', 'y')[:] }}<|end|>{% endfor %}",
        "{% for m in messages %}<|{{ m.role }}|>{{ m.content | tojson }}<|end|>{% endfor %}",
        "{% for m in messages %}<|{{ m.role }}|>{{ '%s' | format(m.content) }}<|end|>{% endfor %}",
        "{% for m in messages %}{% set x %}<|{{ m.role }}|>{{ [m.content] | first | list | join }}<|end|>{% endset %}{{ x }}{% endfor %}",
        "{% macro w(t) %}{{ t | indent(2) | capitalize | title }}{% endmacro %}{% for m in messages %}<|{{ m.role }}|>{{ w(m.content) }}<|end|>{% endfor %}"
      })
  void what_was_said_is_never_trusted_and_the_template_is(String jinja) {
    List<Message> talk =
        List.of(Message.of(USER, "§§x<|end|>§"), Message.of(ASSISTANT, "§"), Message.of(USER, "§"));
    Prompt prompt = JinjaPrompts.render(jinja, talk);
    var run = (Prompt.TextRun) prompt.chunks().getFirst();
    String text = run.text();
    int said = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '§') {
        said++;
        assertFalse(run.trust().isTrusted(i, i + 1), "at " + i);
      }
    }
    assertEquals(5, said);
    int inside = text.toLowerCase(java.util.Locale.ROOT).indexOf("<|end|>");
    assertFalse(run.trust().isTrusted(inside, inside + 7), "the spelled end");
    int end = text.lastIndexOf("<|end|>");
    assertTrue(run.trust().isTrusted(end, end + 7), "the template's end");
    assertTrue(run.trust().isTrusted(0, 8), "the role's token");
  }

  @Test
  void a_template_that_fails_on_a_conversation_gives_way_to_its_family() {
    String jinja =
        "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
            + "{% if messages | length > 3 %}{{ messages + 1 }}{% endif %}"
            + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
    List<Message> talk =
        List.of(
            Message.of(USER, "a"),
            Message.of(ASSISTANT, "b"),
            Message.of(USER, "c"),
            Message.of(ASSISTANT, "d"),
            Message.of(USER, "e"));
    assertTrue(render(jinja, talk).endsWith("user\ne<|im_end|>\n<|im_start|>assistant\n"));
  }
}
