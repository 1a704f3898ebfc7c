// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

/// Makes one line of what JNA throws when a library cannot be loaded. JNA's own message has a line
/// per place it looked at, most of them "No such file or directory".
final class LoadErrors {
  private static final String LOAD_FAILURE = "Unable to load library";

  private LoadErrors() {}

  /// Whether the error says only that there is no such library. A library that is there and misses
  /// one of its own dependencies gives the same words about another name.
  static boolean isNotFound(UnsatisfiedLinkError error, String library) {
    String message = String.valueOf(error.getMessage());
    return message.startsWith(LOAD_FAILURE)
        && message.lines().skip(1).allMatch(line -> saysNotFound(line, library));
  }

  /// The line that tells most.
  static String reason(Throwable error, String library) {
    String message = String.valueOf(error.getMessage());
    String line =
        message
            .lines()
            .skip(message.startsWith(LOAD_FAILURE) ? 1 : 0)
            .filter(text -> !text.isBlank() && !saysNotFound(text, library))
            .findFirst()
            .orElse(message);
    String text = ClText.clean(line);
    return error instanceof UnsatisfiedLinkError ? text : error.getClass().getName() + ": " + text;
  }

  private static boolean saysNotFound(String line, String library) {
    boolean isAboutLibrary = line.contains(library) && !line.contains("needed by");
    return line.contains("not found in resource path")
        || (isAboutLibrary
            && (line.contains("No such file or directory") || line.contains("not found")));
  }
}
