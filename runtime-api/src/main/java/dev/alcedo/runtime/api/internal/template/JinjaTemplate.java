// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.Message;
import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.internal.template.jinja.Jinja;
import dev.alcedo.runtime.api.internal.template.jinja.Text;
import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A model's own template, run. The begin token that most templates write themselves is taken off
/// again where the tokenizer adds one, as llama.cpp does: it never comes twice, and comes once even
/// if the template forgets it.
final class JinjaTemplate implements ChatTemplate {
  static final String NAME = "jinja";

  private static final Logger LOG = LoggerFactory.getLogger(JinjaTemplate.class);
  private static final String TEMPLATE = "chat template of the model";

  private final Jinja jinja;
  private final String begin;
  private final String end;
  private final boolean isBeginAdded;
  private final boolean isAlcedo;
  private final TemplateStyle style;
  private final ChatTemplate fallback;
  private final Supplier<LocalDateTime> clock;

  /// Reads and tries a template.
  ///
  /// @param fallback what renders conversations that the template fails on
  /// @throws ModelFormatException if the template cannot be read or expresses nothing
  JinjaTemplate(
      String source, Tokenizer tokenizer, ChatTemplate fallback, Supplier<LocalDateTime> clock) {
    this.jinja = Jinja.parse(TEMPLATE, source);
    this.begin = piece(tokenizer, tokenizer.beginId());
    this.end = piece(tokenizer, tokenizer.endId());
    this.isBeginAdded = isBeginAdded(tokenizer);
    this.isAlcedo = AlcedoTemplate.isWrittenIn(source);
    this.fallback = fallback;
    this.clock = clock;
    this.style =
        TemplateProbe.probe(
            TEMPLATE, messages -> jinja.tryOut(variables(messages, true), clock.get()));
  }

  private static String piece(Tokenizer tokenizer, OptionalInt id) {
    return id.isPresent() ? tokenizer.piece(id.getAsInt()) : "";
  }

  private static boolean isBeginAdded(Tokenizer tokenizer) {
    int[] ids = tokenizer.encode("", true, TextTrust.NONE);
    OptionalInt begin = tokenizer.beginId();
    return begin.isPresent() && ids.length > 0 && ids[0] == begin.getAsInt();
  }

  private Map<String, Object> variables(
      List<Map<String, Object>> messages, boolean addGenerationPrompt) {
    Map<String, Object> variables = new HashMap<>();
    variables.put("messages", messages);
    variables.put("bos_token", Text.of(begin, Text.WRITTEN));
    variables.put("eos_token", Text.of(end, Text.WRITTEN));
    variables.put("add_generation_prompt", addGenerationPrompt);
    return variables;
  }

  @Override
  public Prompt render(List<Message> messages, boolean addGenerationPrompt) {
    List<Message> fitted = fitted(messages);
    Optional<ModelFormatException> failure = Optional.empty();
    for (ContentShape shape : style.pictureShapes()) {
      var values = new ConversationValues(style, shape);
      List<Map<String, Object>> given = values.of(fitted);
      try {
        Text text = jinja.render(variables(given, addGenerationPrompt), clock.get());
        return prompt(text, values.images(), shape);
      } catch (ModelFormatException e) {
        failure = Optional.of(failure.orElse(e));
      }
    }
    LOG.warn(
        "the model's own chat template fails on this conversation, so it is rendered as {}: {}",
        fallback.describe(),
        failure.orElseThrow().getMessage());
    return fallback.render(messages, addGenerationPrompt);
  }

  /// The messages as the template can take them.
  private List<Message> fitted(List<Message> messages) {
    List<Message> fitted = messages;
    if (isAlcedo) {
      fitted = fitted.stream().map(JinjaTemplate::withPicturesFirst).toList();
    }
    if (!style.takesSystem()) {
      fitted = Messages.foldSystem(fitted, isAlcedo ? "\n" : "\n\n");
    }
    return style.takesRepeats() ? fitted : Messages.mergeRepeats(fitted);
  }

  private static Message withPicturesFirst(Message message) {
    return message.role() == Message.Role.USER ? Messages.picturesFirst(message) : message;
  }

  /// Text as runs, with pictures in their places.
  ///
  /// @throws ModelFormatException if a picture is lost or comes twice
  private Prompt prompt(Text text, List<Image> images, ContentShape shape) {
    var prompt = new Prompt.Builder();
    String all = text.string();
    boolean isTwice = isBeginAdded && !begin.isEmpty() && Placeholders.find(text, begin, 0) == 0;
    String placeholder = shape == ContentShape.IMAGE_PARTS ? style.placeholder().orElse("") : "";
    int next = 0;
    int stop;
    for (int i = isTwice ? begin.length() : 0; i < all.length(); i = stop) {
      stop = text.runEnd(i);
      int mark = text.markAt(i);
      if (mark == Text.SAID) {
        prompt.content(all.substring(i, stop));
      } else if (mark >= Text.PICTURE) {
        requireInOrder(mark - Text.PICTURE == next && next < images.size());
        prompt.picture(images.get(next++));
      } else {
        int found = placeholder.isEmpty() ? -1 : all.substring(i, stop).indexOf(placeholder);
        if (found < 0) {
          prompt.template(all.substring(i, stop));
        } else {
          stop = i + found + placeholder.length();
          prompt.template(all.substring(i, i + found));
          requireInOrder(next < images.size());
          prompt.picture(images.get(next++));
        }
      }
    }
    requireInOrder(next == images.size());
    return prompt.build();
  }

  private static void requireInOrder(boolean isInOrder) {
    if (!isInOrder) {
      throw new ModelFormatException(
          TEMPLATE + ": pictures are lost, repeated or in another order in the prompt");
    }
  }

  @Override
  public String describe() {
    return "%s (the model's own: %s)".formatted(NAME, style.describe());
  }
}
