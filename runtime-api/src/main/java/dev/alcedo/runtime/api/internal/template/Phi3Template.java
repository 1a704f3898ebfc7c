// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.Message;
import java.util.List;

/// Phi-3: `<|ROLE|>\nTEXT<|end|>\n`.
///
/// @param reason why it was chosen
record Phi3Template(String reason) implements ChatTemplate {
  static final String NAME = "phi3";

  /// Token that opens a model's answer.
  static final String ASSISTANT = "<|assistant|>";

  /// Token that closes a message.
  static final String END = "<|end|>";

  /// Whether a Jinja template is of this kind.
  static boolean isWrittenIn(String jinja) {
    return jinja.contains(ASSISTANT) && jinja.contains(END);
  }

  @Override
  public Prompt render(List<Message> messages, boolean addGenerationPrompt) {
    var prompt = new Prompt.Builder();
    for (Message message : messages) {
      prompt.template("<|" + Messages.role(message) + "|>\n").content(message).template(END + "\n");
    }
    if (addGenerationPrompt) {
      prompt.template(ASSISTANT + "\n");
    }
    return prompt.build();
  }

  @Override
  public String describe() {
    return "%s (%s)".formatted(NAME, reason);
  }
}
