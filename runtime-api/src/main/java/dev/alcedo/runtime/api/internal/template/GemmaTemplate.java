// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.Message;
import java.util.List;

/// Gemma: `<start_of_turn>ROLE\nTEXT<end_of_turn>\n`, where the model is called `model`; system
/// text goes in front of the user message that follows it.
///
/// @param reason why it was chosen
record GemmaTemplate(String reason) implements ChatTemplate {
  static final String NAME = "gemma";

  /// Token that opens a message.
  static final String START = "<start_of_turn>";

  /// Whether a Jinja template is of this kind.
  static boolean isWrittenIn(String jinja) {
    return jinja.contains(START);
  }

  @Override
  public Prompt render(List<Message> messages, boolean addGenerationPrompt) {
    var prompt = new Prompt.Builder();
    for (Message message : Messages.foldSystem(messages, "\n\n")) {
      boolean isModel = message.role() == Message.Role.ASSISTANT;
      prompt
          .template(START + (isModel ? "model" : "user") + "\n")
          .strippedContent(message)
          .template("<end_of_turn>\n");
    }
    if (addGenerationPrompt) {
      prompt.template(START + "model\n");
    }
    return prompt.build();
  }

  @Override
  public String describe() {
    return "%s (%s)".formatted(NAME, reason);
  }
}
