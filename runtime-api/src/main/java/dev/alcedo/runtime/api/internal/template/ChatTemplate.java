// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.Message;
import java.util.List;

/// How a model wants a conversation written down. Immutable; any thread.
public interface ChatTemplate {
  /// The prompt of a conversation. The begin token at its start is not part of it: the tokenizer
  /// adds that by the model's own rule. Markers around pictures are the image encoder's.
  ///
  /// @param messages what was said so far, oldest first
  /// @param addGenerationPrompt whether to open the model's next answer
  /// @throws InvalidRequestException if the template cannot express these messages
  Prompt render(List<Message> messages, boolean addGenerationPrompt);

  /// What it is and why it was chosen, for people, e.g. `chatml (from the model)`.
  String describe();
}
