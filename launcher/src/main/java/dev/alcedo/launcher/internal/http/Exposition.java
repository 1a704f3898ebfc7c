// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

/// Prometheus's text format, version 0.0.4, as it is written. Labels are ours, never a client's:
/// nothing needs escapes.
final class Exposition {
  /// Of the replies.
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final StringBuilder out = new StringBuilder();

  /// Begins the samples of one name.
  ///
  /// @param type counter, gauge or histogram
  void family(String name, String type, String help) {
    out.append("# HELP %s %s\n# TYPE %s %s\n".formatted(name, help, name, type));
  }

  /// @param labels without braces; may be empty
  void sample(String name, String labels, double value) {
    out.append(name);
    if (!labels.isEmpty()) {
      out.append('{').append(labels).append('}');
    }
    out.append(' ');
    if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
      out.append((long) value);
    } else {
      out.append(value);
    }
    out.append('\n');
  }

  /// A name with one sample.
  void single(String name, String type, String help, double value) {
    family(name, type, help);
    sample(name, "", value);
  }

  String text() {
    return out.toString();
  }
}
