// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

/// How `message.content` is handed to a Jinja template.
enum ContentShape {
  /// One string; pictures are marked characters in it.
  STRING,
  /// A list of parts; pictures are texts of a marked character.
  TEXT_PARTS,
  /// A list of parts; the template writes its own placeholder for a picture.
  IMAGE_PARTS
}
