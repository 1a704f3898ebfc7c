// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.Message;
import java.util.List;

/// Llama 3: `<|start_header_id|>ROLE<|end_header_id|>\n\nTEXT<|eot_id|>`. The dates that the
/// templates of 3.1 and later put into the system message are not added.
///
/// @param reason why it was chosen
record Llama3Template(String reason) implements ChatTemplate {
  static final String NAME = "llama3";

  /// Whether a Jinja template is of this kind.
  static boolean isWrittenIn(String jinja) {
    return jinja.contains("<|start_header_id|>") && jinja.contains("<|end_header_id|>");
  }

  @Override
  public Prompt render(List<Message> messages, boolean addGenerationPrompt) {
    var prompt = new Prompt.Builder();
    for (Message message : messages) {
      prompt
          .template(header(Messages.role(message)))
          .strippedContent(message)
          .template("<|eot_id|>");
    }
    if (addGenerationPrompt) {
      prompt.template(header("assistant"));
    }
    return prompt.build();
  }

  @Override
  public String describe() {
    return "%s (%s)".formatted(NAME, reason);
  }

  private static String header(String role) {
    return "<|start_header_id|>%s<|end_header_id|>\n\n".formatted(role);
  }
}
