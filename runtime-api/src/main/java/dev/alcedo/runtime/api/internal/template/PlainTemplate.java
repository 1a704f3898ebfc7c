// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.Message;
import java.util.List;

/// For models without a template that we know: `USER: QUESTION\nASSISTANT: ANSWER\n`, as Vicuna and
/// LLaVA 1.5 have it; system text comes first, on its own line.
///
/// @param reason why it was chosen
record PlainTemplate(String reason) implements ChatTemplate {
  static final String NAME = "plain";

  @Override
  public Prompt render(List<Message> messages, boolean addGenerationPrompt) {
    var prompt = new Prompt.Builder();
    for (Message message : messages) {
      switch (message.role()) {
        case SYSTEM -> {}
        case USER -> prompt.template("USER: ");
        case ASSISTANT -> prompt.template("ASSISTANT: ");
      }
      prompt.content(message).template("\n");
    }
    if (addGenerationPrompt) {
      prompt.template("ASSISTANT:");
    }
    return prompt.build();
  }

  @Override
  public String describe() {
    return "%s (%s)".formatted(NAME, reason);
  }
}
