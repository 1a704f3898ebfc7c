// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// UTF-8 on its way into a Unigram vocabulary: spaces become `▁`, runs of them one, and the first
/// word gets one, as the rules say.
final class NormalizedText {
  private static final byte[] SPACE = "▁".getBytes(StandardCharsets.UTF_8);

  /// @param prefix whether the text begins with a space
  /// @param merging whether runs of spaces become one, those at the end none
  record Rules(boolean prefix, boolean merging) {
    /// Whether the first word gets a space.
    boolean addsSpacePrefix() {
      return prefix || merging;
    }
  }

  private final Rules rules;
  private final ByteArrayOutputStream bytes;
  private boolean isInWord;
  private boolean hasPrefix;

  NormalizedText(Rules rules, int expected) {
    this.rules = rules;
    this.bytes = new ByteArrayOutputStream(expected);
  }

  void add(byte b) {
    if (b == ' ') {
      isInWord = false;
      if (!rules.merging()) {
        bytes.writeBytes(SPACE);
      }
      return;
    }
    if (!isInWord) {
      isInWord = true;
      if (rules.merging() || rules.prefix() && !hasPrefix) {
        bytes.writeBytes(SPACE);
        hasPrefix = true;
      }
    }
    bytes.write(b);
  }

  @Override
  public String toString() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
