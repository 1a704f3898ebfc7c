// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.Message;
import dev.alcedo.runtime.api.PromptPart;
import java.util.List;

/// Alcedo's own models (and BlueLM's): `[|Human|]:PICTURE QUESTION\n[|AI|]:ANSWER</s>`, without the
/// space. Pictures come before the text of their message; system text comes before the text of the
/// user message that follows it, on a line of its own.
///
/// @param reason why it was chosen
record AlcedoTemplate(String reason) implements ChatTemplate {
  static final String NAME = "alcedo";

  private static final String HUMAN = "[|Human|]:";
  private static final String AI = "\n[|AI|]:";
  private static final String END = "</s>";

  /// Whether a Jinja template is of this kind.
  static boolean isWrittenIn(String jinja) {
    return jinja.contains(HUMAN);
  }

  @Override
  public Prompt render(List<Message> messages, boolean addGenerationPrompt) {
    var prompt = new Prompt.Builder();
    String system = "";
    boolean isAsked = false; // whether a question stands open
    for (Message message : messages) {
      switch (message.role()) {
        case SYSTEM -> system += Messages.systemText(message) + "\n";
        case USER -> {
          question(prompt.template(HUMAN), Messages.picturesFirst(message), system);
          system = "";
          isAsked = true;
        }
        case ASSISTANT -> {
          prompt.template(AI).content(message).template(END);
          isAsked = false;
        }
      }
    }
    Messages.requireTakenUp(system);
    if (addGenerationPrompt && isAsked) {
      prompt.template(AI);
    }
    return prompt.build();
  }

  @Override
  public String describe() {
    return "%s (%s)".formatted(NAME, reason);
  }

  private static void question(Prompt.Builder prompt, Message message, String system) {
    for (var part : message.parts()) {
      if (!system.isEmpty() && !isPicture(part)) {
        prompt.content(system);
        system = "";
      }
      prompt.content(new Message(message.role(), List.of(part)));
    }
    prompt.content(system);
  }

  private static boolean isPicture(PromptPart part) {
    return part instanceof PromptPart.Picture;
  }
}
