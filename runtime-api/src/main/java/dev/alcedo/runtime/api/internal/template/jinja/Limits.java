// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

/// What one template may take. Real templates stay below a thousandth of each.
///
/// @param sourceChars UTF-16 units of a template
/// @param nesting brackets and blocks inside one another
/// @param depth expressions, statements and macro calls under evaluation
/// @param steps nodes evaluated and list entries visited
/// @param memoryUnits characters and entries made, let go or not; an entry counts 16
/// @param outputChars UTF-16 units of a rendering, or of any one string
public record Limits(
    int sourceChars, int nesting, int depth, long steps, long memoryUnits, int outputChars) {
  /// For templates of unknown origin: a few seconds and a quarter of a gigabyte at worst.
  public static final Limits DEFAULTS =
      new Limits(1 << 20, 200, 600, 10_000_000, 32L << 20, 16 << 20);

  /// For trying a template out on a few words.
  static final Limits PROBE = new Limits(1 << 20, 200, 600, 300_000, 4L << 20, 1 << 20);
}
