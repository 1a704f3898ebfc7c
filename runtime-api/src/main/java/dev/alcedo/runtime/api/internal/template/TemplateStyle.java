// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a Jinja template takes, found out by trying it.
///
/// @param takesStrings whether `content` can be a string
/// @param takesParts whether it can be a list of typed parts
/// @param placeholder what the template writes for a part of type `image`, if that is known
/// @param takesSystem whether it has a system role; if not, system text goes in front of the next
///   user message
/// @param takesRepeats whether two messages of one role can follow each other; if not, they become
///   one
record TemplateStyle(
    boolean takesStrings,
    boolean takesParts,
    Optional<String> placeholder,
    boolean takesSystem,
    boolean takesRepeats) {
  /// The shape for messages without pictures.
  ContentShape textShape() {
    return takesStrings ? ContentShape.STRING : ContentShape.TEXT_PARTS;
  }

  /// The shapes for messages with pictures, in the order in which they are tried.
  List<ContentShape> pictureShapes() {
    List<ContentShape> shapes = new ArrayList<>();
    if (placeholder.isPresent()) {
      shapes.add(ContentShape.IMAGE_PARTS);
    }
    shapes.add(textShape());
    return shapes;
  }

  /// For people.
  String describe() {
    List<String> words = new ArrayList<>();
    words.add(takesStrings ? takesParts ? "strings and parts" : "strings" : "parts");
    placeholder.ifPresent(p -> words.add("pictures as " + p));
    if (!takesSystem) {
      words.add("system text inside the user's");
    }
    if (!takesRepeats) {
      words.add("alternating roles");
    }
    return String.join(", ", words);
  }
}
