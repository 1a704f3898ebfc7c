// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

/// A piece of a prompt.
public sealed interface PromptPart {
  /// Text; in messages it never becomes a control token.
  record Text(String text) implements PromptPart {}

  /// Token ids, taken as they are; completions only.
  record Tokens(int[] ids) implements PromptPart {}

  /// A picture handed in before, see [Model#prepare(byte[])].
  record Picture(Image image) implements PromptPart {}
}
