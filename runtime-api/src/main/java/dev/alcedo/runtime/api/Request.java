// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import java.util.List;

/// What a session is asked. Requests carry the whole prompt; what the session's KV cache already
/// holds of it is not computed again.
public sealed interface Request {
  /// How to answer.
  GenerationOptions options();

  /// A conversation, rendered with the model's chat template; the model speaks next.
  ///
  /// @param messages at least one, the last by the user
  record Chat(List<Message> messages, GenerationOptions options) implements Request {
    /// Copies the list.
    ///
    /// @throws InvalidRequestException if there are no messages
    public Chat {
      messages = List.copyOf(messages);
      if (messages.isEmpty()) {
        throw new InvalidRequestException("messages: expected at least one, got none");
      }
    }
  }

  /// A raw prompt without template. Texts may spell control tokens; the begin token is added where
  /// the model asks for it, except before token ids.
  record Completion(List<PromptPart> parts, GenerationOptions options) implements Request {
    /// Copies the list.
    ///
    /// @throws InvalidRequestException if there are no parts
    public Completion {
      parts = List.copyOf(parts);
      if (parts.isEmpty()) {
        throw new InvalidRequestException(
            "prompt: expected text, tokens or a picture, got nothing");
      }
    }
  }
}
