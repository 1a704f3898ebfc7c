// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.internal.template.jinja.Text;
import java.util.List;
import java.util.function.Predicate;

/// What templates write where a picture stands, brackets included: the image encoder writes its own
/// brackets. What stands around them, such as line breaks, is the template's and stays.
final class Placeholders {
  /// In this order, because some are parts of others.
  static final List<String> KNOWN =
      List.of(
          "<|vision_start|><|image_pad|><|vision_end|>", // Qwen2-VL and later
          "<|begin_of_image|><|image|><|end_of_image|>", // GLM-4V
          "<|media_start|>image<|media_content|><|media_pad|><|media_end|>", // Kimi-VL
          "(<image>./</image>)", // MiniCPM-V
          "<im_start><image><im_end>", // Alcedo, BlueLM-V
          "<im_start><image></im_end>",
          "<img><IMG_CONTEXT></img>",
          "<IMG_CONTEXT>", // InternVL 3
          "<img></img>",
          "<start_of_image>", // Gemma 3
          "<|image|>", // Llama 3.2 Vision
          "<|image_pad|>",
          "<image_soft_token>",
          "<image_placeholder>", // DeepSeek-VL
          "<image>", // LLaVA, SmolVLM, Idefics, InternVL 2, LFM2-VL, Granite Vision
          "[IMG]"); // Pixtral, Mistral Small

  private Placeholders() {}

  /// How often the template itself wrote `placeholder`.
  static int count(Text text, String placeholder) {
    int count = 0;
    for (int i = find(text, placeholder, 0); i >= 0; ) {
      count++;
      i = find(text, placeholder, i + placeholder.length());
    }
    return count;
  }

  /// Where the template itself wrote `placeholder`, from `start` on, or -1.
  static int find(Text text, String placeholder, int start) {
    String all = text.string();
    for (int i = all.indexOf(placeholder, start); i >= 0; i = all.indexOf(placeholder, i + 1)) {
      if (text.markAt(i) == Text.WRITTEN && text.runEnd(i) >= i + placeholder.length()) {
        return i;
      }
    }
    return -1;
  }

  /// The first known placeholder that `isRight` for.
  static java.util.Optional<String> first(Predicate<String> isRight) {
    return KNOWN.stream().filter(isRight).findFirst();
  }
}
