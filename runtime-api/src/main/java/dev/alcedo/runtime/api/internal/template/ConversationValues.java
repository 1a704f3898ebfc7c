// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.Message;
import dev.alcedo.runtime.api.PromptPart;
import dev.alcedo.runtime.api.internal.template.jinja.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A conversation as the values that Jinja templates take: roles are ours and may become control
/// tokens, what was said may not, and every picture is a character of its own mark.
final class ConversationValues {
  private static final Text TYPE_TEXT = Text.of("text", Text.WRITTEN);
  private static final Text TYPE_IMAGE = Text.of("image", Text.WRITTEN);

  private final TemplateStyle style;
  private final ContentShape pictureShape;
  private final List<Image> images = new ArrayList<>();

  /// @param pictureShape of messages with pictures
  ConversationValues(TemplateStyle style, ContentShape pictureShape) {
    this.style = style;
    this.pictureShape = pictureShape;
  }

  /// The pictures so far, in the order of their marks.
  List<Image> images() {
    return images;
  }

  /// `messages` for a template.
  ///
  /// @throws InvalidRequestException if a message holds token ids
  List<Map<String, Object>> of(List<Message> messages) {
    List<Map<String, Object>> out = new ArrayList<>();
    for (Message message : messages) {
      boolean hasPictures = message.parts().stream().anyMatch(PromptPart.Picture.class::isInstance);
      ContentShape shape = hasPictures ? pictureShape : style.textShape();
      Map<String, Object> values = new HashMap<>();
      values.put("role", Text.of(Messages.role(message), Text.WRITTEN));
      values.put("content", shape == ContentShape.STRING ? string(message) : parts(message, shape));
      out.add(values);
    }
    return out;
  }

  private Object string(Message message) {
    Text text = Text.EMPTY;
    for (PromptPart part : message.parts()) {
      text = text.with(said(message, part));
    }
    return text;
  }

  private Object parts(Message message, ContentShape shape) {
    List<Object> parts = new ArrayList<>();
    for (PromptPart part : message.parts()) {
      Text text = said(message, part);
      boolean isImage = part instanceof PromptPart.Picture && shape == ContentShape.IMAGE_PARTS;
      parts.add(isImage ? imagePart() : Map.of("type", TYPE_TEXT, "text", text));
    }
    return parts;
  }

  private Text said(Message message, PromptPart part) {
    return switch (part) {
      case PromptPart.Text(String words) -> Text.of(words, Text.SAID);
      case PromptPart.Picture(Image image) -> {
        images.add(image);
        yield Text.of(Text.PICTURE_CHARACTER, Text.PICTURE + images.size() - 1);
      }
      case PromptPart.Tokens _ ->
          throw new InvalidRequestException(
              "message of role %s: expected text and pictures, got token ids; give them to a completion"
                  .formatted(message.role()));
    };
  }

  static Map<String, Object> textPart(String text) {
    return Map.of("type", TYPE_TEXT, "text", Text.of(text, Text.SAID));
  }

  static Map<String, Object> imagePart() {
    return Map.of("type", TYPE_IMAGE);
  }
}
