// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.Message;
import java.util.List;

/// ChatML: `<|im_start|>ROLE\nTEXT<|im_end|>\n`. Qwen, SmolLM, InternVL and many others. A system
/// text that a model's own Jinja template would add unasked is not added.
///
/// @param reason why it was chosen
record ChatMlTemplate(String reason) implements ChatTemplate {
  static final String NAME = "chatml";

  /// Token that opens a message.
  static final String START = "<|im_start|>";

  private static final String END = "<|im_end|>\n";

  /// Whether a Jinja template is of this kind.
  static boolean isWrittenIn(String jinja) {
    return jinja.contains(START);
  }

  @Override
  public Prompt render(List<Message> messages, boolean addGenerationPrompt) {
    var prompt = new Prompt.Builder();
    for (Message message : messages) {
      prompt.template(START + Messages.role(message) + "\n").content(message).template(END);
    }
    if (addGenerationPrompt) {
      prompt.template(START + "assistant\n");
    }
    return prompt.build();
  }

  @Override
  public String describe() {
    return "%s (%s)".formatted(NAME, reason);
  }
}
