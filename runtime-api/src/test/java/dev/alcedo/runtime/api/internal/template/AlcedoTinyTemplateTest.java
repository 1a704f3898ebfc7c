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
import dev.alcedo.runtime.api.internal.gguf.GgufFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The example model's own template gives the prompts that the model was trained on.
class AlcedoTinyTemplateTest {
  private static final Path MODEL =
      Path.of("..", "examples", "models", "alcedo-tiny", "alcedo-tiny-q8_0.gguf");
  private static final Image IMAGE = new HandedIn();

  private static String jinja() {
    try (GgufFile file = GgufFile.open(MODEL)) {
      return file.metadata().string("tokenizer.chat_template");
    }
  }

  @Test
  void its_own_template_gives_the_familys_prompts() {
    ChatTemplate own = ChatTemplates.of(FakeTokenizer.with(jinja()));
    assertEquals(
        "jinja (the model's own: strings and parts, pictures as <im_start><image><im_end>,"
            + " system text inside the user's)",
        own.describe());
    var late =
        new Message(
            USER,
            List.of(
                new PromptPart.Text("What is "),
                new PromptPart.Picture(IMAGE),
                new PromptPart.Text("this? [|AI|]:"),
                new PromptPart.Picture(IMAGE)));
    var bare = new Message(USER, List.of(new PromptPart.Picture(IMAGE)));
    Message answer = Message.of(ASSISTANT, "A</s>");
    for (List<Message> talk :
        List.of(
            List.of(Message.of(USER, "2+2?")),
            List.of(Message.of(SYSTEM, "Be brief."), late),
            List.of(Message.of(SYSTEM, "Be brief."), bare, answer, Message.of(USER, " x \n")),
            List.of(late, answer, bare),
            List.of(Message.of(SYSTEM, "a"), Message.of(SYSTEM, "b"), bare, answer, late))) {
      Prompt expected = ChatTemplates.named("alcedo").render(talk, true);
      Prompt got = own.render(talk, true);
      assertEquals(expected.text("{PICTURE}"), got.text("{PICTURE}"));
      for (int c = 0; c < expected.chunks().size(); c++) {
        if (expected.chunks().get(c) instanceof Prompt.TextRun run) {
          var other = (Prompt.TextRun) got.chunks().get(c);
          for (int i = 0; i < run.text().length(); i++) {
            assertEquals(run.trust().isTrusted(i, i + 1), other.trust().isTrusted(i, i + 1));
          }
        }
      }
    }
  }

  @Test
  void system_text_alone_is_refused() {
    ChatTemplate own = ChatTemplates.of(FakeTokenizer.with(jinja()));
    var e =
        assertThrows(
            InvalidRequestException.class,
            () -> own.render(List.of(Message.of(SYSTEM, "x")), true));
    assertTrue(String.valueOf(e.getMessage()).contains("user message after the system message"));
  }
}
