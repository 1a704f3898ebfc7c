// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.Message;
import dev.alcedo.runtime.api.PromptPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What several templates do to messages before they write them.
final class Messages {
  private Messages() {}

  /// The role as templates spell it.
  static String role(Message message) {
    return message.role().name().toLowerCase(Locale.ROOT);
  }

  /// The message without white space before and after all of it.
  static Message strip(Message message) {
    List<PromptPart> parts = new ArrayList<>(message.parts());
    if (!parts.isEmpty() && parts.getFirst() instanceof PromptPart.Text(String first)) {
      parts.set(0, new PromptPart.Text(first.stripLeading()));
    }
    if (!parts.isEmpty() && parts.getLast() instanceof PromptPart.Text(String last)) {
      parts.set(parts.size() - 1, new PromptPart.Text(last.stripTrailing()));
    }
    return new Message(message.role(), parts);
  }

  /// The message with its pictures before its text.
  static Message picturesFirst(Message message) {
    List<PromptPart> parts = new ArrayList<>();
    message.parts().stream().filter(PromptPart.Picture.class::isInstance).forEach(parts::add);
    message.parts().stream().filter(p -> !(p instanceof PromptPart.Picture)).forEach(parts::add);
    return new Message(message.role(), parts);
  }

  /// The text of a system message, for templates that write it inside a user's.
  ///
  /// @throws InvalidRequestException if it has anything but text
  static String systemText(Message message) {
    var text = new StringBuilder();
    for (PromptPart part : message.parts()) {
      if (!(part instanceof PromptPart.Text(String words))) {
        throw new InvalidRequestException(
            "system message: expected text only, got pictures or token ids;"
                + " put pictures into a user message");
      }
      text.append(words);
    }
    return text.toString();
  }

  /// Refuses system text that no user message came to take up.
  static void requireTakenUp(String system) {
    if (!system.isEmpty()) {
      throw new InvalidRequestException(
          "messages: expected a user message after the system message, got none");
    }
  }

  /// System messages put in front of the first text of the user message that follows, for templates
  /// without a system role.
  ///
  /// @param separator between system text and the user's
  /// @throws InvalidRequestException if a system message has more than text, or no user message
  ///   follows
  static List<Message> foldSystem(List<Message> messages, String separator) {
    List<Message> out = new ArrayList<>();
    String system = "";
    for (Message message : messages) {
      if (message.role() == Message.Role.SYSTEM) {
        system += systemText(message) + separator;
      } else if (message.role() == Message.Role.USER && !system.isEmpty()) {
        out.add(withPrefix(message, system));
        system = "";
      } else {
        out.add(message);
      }
    }
    requireTakenUp(system);
    return out;
  }

  private static Message withPrefix(Message message, String prefix) {
    List<PromptPart> parts = new ArrayList<>(message.parts());
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i) instanceof PromptPart.Text(String words)) {
        parts.set(i, new PromptPart.Text(prefix + words));
        return new Message(message.role(), parts);
      }
    }
    parts.add(new PromptPart.Text(prefix));
    return new Message(message.role(), parts);
  }

  /// Messages of one role that follow each other joined by an empty line, for templates that want
  /// roles to alternate.
  static List<Message> mergeRepeats(List<Message> messages) {
    List<Message> out = new ArrayList<>();
    for (Message message : messages) {
      if (!out.isEmpty() && out.getLast().role() == message.role()) {
        List<PromptPart> parts = new ArrayList<>(out.removeLast().parts());
        parts.add(new PromptPart.Text("\n\n"));
        parts.addAll(message.parts());
        out.add(new Message(message.role(), parts));
      } else {
        out.add(message);
      }
    }
    return out;
  }
}
