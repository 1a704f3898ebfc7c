// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.Message;
import java.util.List;

/// Llama 2: `[INST] <<SYS>>\nSYSTEM\n<</SYS>>\n\nQUESTION [/INST] ANSWER </s><s>[INST] ...`, system
/// text inside the user message that follows it.
///
/// @param reason why it was chosen
record Llama2Template(String reason) implements ChatTemplate {
  static final String NAME = "llama2";

  /// Whether a Jinja template is of this kind.
  static boolean isWrittenIn(String jinja) {
    return jinja.contains("[INST]") && jinja.contains("<<SYS>>");
  }

  /// The opening of an answer is the `[/INST]` before it: there is nothing more to add for
  /// `addGenerationPrompt`.
  @Override
  public Prompt render(List<Message> messages, boolean addGenerationPrompt) {
    var prompt = new Prompt.Builder();
    String system = "";
    boolean isFirst = true;
    for (Message message : messages) {
      switch (message.role()) {
        case SYSTEM -> system = Messages.systemText(message);
        case USER -> {
          // The tokenizer writes the first begin token itself.
          prompt.template(isFirst ? "[INST] " : "<s>[INST] ");
          if (!system.isEmpty()) {
            prompt.template("<<SYS>>\n").content(system).template("\n<</SYS>>\n\n");
          }
          prompt.strippedContent(message).template(" [/INST]");
          system = "";
          isFirst = false;
        }
        case ASSISTANT -> prompt.template(" ").strippedContent(message).template(" </s>");
      }
    }
    Messages.requireTakenUp(system);
    return prompt.build();
  }

  @Override
  public String describe() {
    return "%s (%s)".formatted(NAME, reason);
  }
}
