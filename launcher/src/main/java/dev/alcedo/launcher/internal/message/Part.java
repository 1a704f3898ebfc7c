// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/// A piece of a prompt; `type` says which.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Part.Text.class, name = "text"),
  @JsonSubTypes.Type(value = Part.Tokens.class, name = "tokens"),
  @JsonSubTypes.Type(value = Part.Picture.class, name = "image")
})
public sealed interface Part {
  /// Text.
  record Text(String text) implements Part {}

  /// Token ids; completions only.
  record Tokens(List<Integer> ids) implements Part {}

  /// A picture that was handed in.
  ///
  /// @param image handle from [ImageReply]
  record Picture(String image) implements Part {}
}
