// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.message.Part;
import dev.alcedo.runtime.api.InvalidRequestException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A prompt without a chat template: token ids, or texts with a picture between each two of them.
///
/// @param tokens ids, taken as they are; then there are no texts
/// @param texts what stands before, between and after the pictures
/// @param images pictures in the order of their markers
record RawPrompt(List<Integer> tokens, List<String> texts, List<Path> images) {
  /// Stands for a picture.
  static final String MARKER = "<image>";

  /// Copies the lists.
  RawPrompt {
    tokens = List.copyOf(tokens);
    texts = List.copyOf(texts);
    images = List.copyOf(images);
  }

  /// Token ids alone.
  static RawPrompt ofTokens(List<Integer> ids) {
    return new RawPrompt(ids, List.of(), List.of());
  }

  /// A text in which each [#MARKER] stands for the next picture.
  ///
  /// @throws InvalidRequestException if there are not as many pictures as markers
  static RawPrompt ofText(String text, List<Path> images) {
    List<String> texts = List.of(text.split(MARKER, -1));
    if (texts.size() - 1 != images.size()) {
      throw new InvalidRequestException(
          "expected one picture for each %s in the prompt, got %d for %d"
              .formatted(MARKER, images.size(), texts.size() - 1));
    }
    return new RawPrompt(List.of(), texts, images);
  }

  /// The pictures' bytes.
  List<PictureFile> pictures() {
    return images.stream().map(PictureFile::read).toList();
  }

  /// The parts of a request; hands the pictures in.
  ///
  /// @param pictures as [#pictures()] read them
  List<Part> parts(EngineClient client, String model, List<PictureFile> pictures) {
    List<String> shown = pictures.stream().map(p -> p.prepare(client, model).image()).toList();
    var parts = new ArrayList<Part>();
    if (!tokens.isEmpty()) {
      parts.add(new Part.Tokens(tokens));
    }
    for (int i = 0; i < texts.size(); i++) {
      if (!texts.get(i).isEmpty()) {
        parts.add(new Part.Text(texts.get(i)));
      }
      if (i < shown.size()) {
        parts.add(new Part.Picture(shown.get(i)));
      }
    }
    return parts;
  }
}
