// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import java.util.Locale;

/// Byte counts for people.
final class Sizes {
  private Sizes() {}

  /// Three digits or so with a binary unit, e.g. `11.4 MiB`.
  static String text(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    String[] units = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double value = bytes / 1024.0;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }
}
