// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import dev.alcedo.runtime.api.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Answers a conversation.
///
/// @param session handle of an open session
/// @param replyTo address of the client's own making where the events go
/// @param messages the whole conversation, oldest first
/// @param options how to answer
public record ChatRequest(
    String session, String replyTo, List<Turn> messages, @Nullable GenerationSpec options) {
  /// One message.
  ///
  /// @param role who speaks: `SYSTEM`, `USER` or `ASSISTANT`
  /// @param parts texts and pictures in order
  public record Turn(Message.Role role, List<Part> parts) {}
}
