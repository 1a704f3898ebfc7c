// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import java.util.List;

/// One message of a conversation.
///
/// @param role who speaks
/// @param parts texts and pictures in order
public record Message(Role role, List<PromptPart> parts) {
  /// Who speaks.
  public enum Role {
    /// Instructions for the whole conversation.
    SYSTEM,
    /// The person.
    USER,
    /// The model.
    ASSISTANT
  }

  /// Copies the list.
  public Message {
    parts = List.copyOf(parts);
  }

  /// A message of one text.
  public static Message of(Role role, String text) {
    return new Message(role, List.of(new PromptPart.Text(text)));
  }
}
