// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

/// Which parts of a text come from a template or a program, and may therefore spell control tokens,
/// and which come from a user, and may not.
@FunctionalInterface
public interface TextTrust {
  /// Everything may become a control token.
  TextTrust ALL = (start, end) -> true;

  /// Nothing may.
  TextTrust NONE = (start, end) -> false;

  /// Whether the characters `start` (inclusive) to `end` (exclusive) may be read as a control
  /// token.
  boolean isTrusted(int start, int end);
}
