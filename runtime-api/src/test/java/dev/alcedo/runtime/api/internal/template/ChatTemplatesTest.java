// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import static dev.alcedo.runtime.api.Message.Role.ASSISTANT;
import static dev.alcedo.runtime.api.Message.Role.SYSTEM;
import static dev.alcedo.runtime.api.Message.Role.USER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.Message;
import dev.alcedo.runtime.api.PromptPart;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplatesTest {
  private static final Image FIRST = new HandedIn();
  private static final Image SECOND = new HandedIn();

  private static final List<Message> TALK =
      List.of(
          Message.of(SYSTEM, "Be brief."),
          Message.of(USER, " 1+1? \n"),
          Message.of(ASSISTANT, "2"),
          Message.of(USER, "2+2?"));

  private static String render(String name, List<Message> messages, boolean addGenerationPrompt) {
    return ChatTemplates.named(name).render(messages, addGenerationPrompt).text("IMAGE");
  }

  @Test
  void chatml() {
    assertEquals(
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n 1+1? \n<|im_end|>\n"
            + "<|im_start|>assistant\n2<|im_end|>\n<|im_start|>user\n2+2?<|im_end|>\n"
            + "<|im_start|>assistant\n",
        render("chatml", TALK, true));
    assertTrue(render("chatml", TALK, false).endsWith("2+2?<|im_end|>\n"));
  }

  @Test
  void llama3() {
    assertEquals(
        "<|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
            + "<|start_header_id|>user<|end_header_id|>\n\n1+1?<|eot_id|>"
            + "<|start_header_id|>assistant<|end_header_id|>\n\n2<|eot_id|>"
            + "<|start_header_id|>user<|end_header_id|>\n\n2+2?<|eot_id|>"
            + "<|start_header_id|>assistant<|end_header_id|>\n\n",
        render("llama3", TALK, true));
  }

  @Test
  void llama2() {
    assertEquals(
        "[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\n1+1? [/INST] 2 </s><s>[INST] 2+2? [/INST]",
        render("llama2", TALK, true));
  }

  @Test
  void alcedo() {
    assertEquals(
        "[|Human|]:Be brief.\n 1+1? \n\n[|AI|]:2</s>[|Human|]:2+2?\n[|AI|]:",
        render("alcedo", TALK, true));
    assertEquals("[|Human|]:2+2?", render("alcedo", List.of(Message.of(USER, "2+2?")), false));
  }

  @Test
  void alcedo_puts_pictures_before_all_text() {
    var message =
        new Message(
            USER,
            List.of(
                new PromptPart.Text("What is "),
                new PromptPart.Picture(FIRST),
                new PromptPart.Text("this?"),
                new PromptPart.Picture(SECOND)));
    assertEquals(
        "[|Human|]:IMAGEIMAGEBe brief.\nWhat is this?\n[|AI|]:",
        render("alcedo", List.of(Message.of(SYSTEM, "Be brief."), message), true));
    var bare = new Message(USER, List.of(new PromptPart.Picture(FIRST)));
    assertEquals(
        "[|Human|]:IMAGEBe brief.\n\n[|AI|]:",
        render("alcedo", List.of(Message.of(SYSTEM, "Be brief."), bare), true));
  }

  @Test
  void gemma() {
    assertEquals(
        "<start_of_turn>user\nBe brief.\n\n 1+1?<end_of_turn>\n<start_of_turn>model\n2<end_of_turn>\n"
            + "<start_of_turn>user\n2+2?<end_of_turn>\n<start_of_turn>model\n",
        render("gemma", TALK, true));
  }

  @Test
  void phi3() {
    assertEquals(
        "<|system|>\nBe brief.<|end|>\n<|user|>\n 1+1? \n<|end|>\n<|assistant|>\n2<|end|>\n"
            + "<|user|>\n2+2?<|end|>\n<|assistant|>\n",
        render("phi3", TALK, true));
  }

  @Test
  void plain() {
    assertEquals(
        "Be brief.\nUSER:  1+1? \n\nASSISTANT: 2\nUSER: 2+2?\nASSISTANT:",
        render("plain", TALK, true));
  }

  @Test
  void pictures_stand_where_they_were_put() {
    var message =
        new Message(
            USER,
            List.of(
                new PromptPart.Text("  Is "),
                new PromptPart.Picture(FIRST),
                new PromptPart.Text(" before "),
                new PromptPart.Picture(SECOND)));
    Prompt prompt = ChatTemplates.named("llama3").render(List.of(message), false);
    assertEquals(
        "<|start_header_id|>user<|end_header_id|>\n\nIs IMAGE before IMAGE<|eot_id|>",
        prompt.text("IMAGE"));
    assertEquals(5, prompt.chunks().size());
    assertEquals(new Prompt.Picture(FIRST), prompt.chunks().get(1));
    assertEquals(new Prompt.Picture(SECOND), prompt.chunks().get(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"chatml", "llama2", "llama3", "alcedo", "gemma", "phi3", "plain"})
  void what_people_and_models_said_is_not_trusted_and_nothing_else(String name) {
    List<Message> talk =
        List.of(
            Message.of(SYSTEM, "§§§"),
            Message.of(USER, "§"),
            Message.of(ASSISTANT, "§§"),
            Message.of(USER, "§"));
    Prompt prompt = ChatTemplates.named(name).render(talk, true);
    var run = (Prompt.TextRun) prompt.chunks().getFirst();
    assertEquals(1, prompt.chunks().size());
    int said = 0;
    // Alcedo's and Gemma's line breaks behind system text are written into what the user said.
    for (int i = 0; i < run.text().length(); i++) {
      boolean isSaid = run.text().charAt(i) == '§';
      said += isSaid ? 1 : 0;
      if (isSaid) {
        assertTrue(!run.trust().isTrusted(i, i + 1), "at " + i);
        assertTrue(!run.trust().isTrusted(i - 1, i + 1), "at " + i);
        assertTrue(!run.trust().isTrusted(i, i + 2), "at " + i);
      } else if (!(List.of("alcedo", "gemma").contains(name) && run.text().charAt(i) == '\n')) {
        assertTrue(run.trust().isTrusted(i, i + 1), "at " + i);
      }
    }
    assertEquals(7, said);
  }

  @Test
  void template_text_that_touches_is_trusted_as_a_whole() {
    var prompt = new Prompt.Builder().template("<|a").template("|>").content("x").build();
    var run = (Prompt.TextRun) prompt.chunks().getFirst();
    assertTrue(run.trust().isTrusted(0, 5));
    assertTrue(!run.trust().isTrusted(0, 6));
  }

  @Test
  void what_a_template_cannot_say_is_an_invalid_request() {
    var tokens = new Message(USER, List.of(new PromptPart.Tokens(new int[] {1})));
    for (String name : List.of("chatml", "llama2", "llama3", "alcedo", "gemma", "phi3", "plain")) {
      assertThrows(InvalidRequestException.class, () -> render(name, List.of(tokens), true), name);
    }
    for (String name : List.of("llama2", "alcedo", "gemma")) {
      List<Message> only = List.of(Message.of(SYSTEM, "x"));
      assertThrows(InvalidRequestException.class, () -> render(name, only, true), name);
      List<Message> picture = List.of(new Message(SYSTEM, List.of(new PromptPart.Picture(FIRST))));
      assertThrows(InvalidRequestException.class, () -> render(name, picture, true), name);
    }
  }

  @Test
  void unknown_names_are_answered_with_the_known_ones() {
    var e = assertThrows(InvalidRequestException.class, () -> ChatTemplates.named("vicuna"));
    assertTrue(
        e.getMessage().contains("'vicuna'") && e.getMessage().contains("chatml, llama3"),
        e.getMessage());
  }
}
