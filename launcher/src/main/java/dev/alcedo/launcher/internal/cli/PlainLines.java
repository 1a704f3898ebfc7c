// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.runtime.api.InvalidRequestException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Lines of standard input, as they come.
final class PlainLines implements LineSource {
  private final Console console;
  private final boolean isInteractive;
  private final BufferedReader reader;

  PlainLines(Console console, boolean isInteractive) {
    this.console = console;
    this.isInteractive = isInteractive;
    this.reader = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
  }

  @Override
  public Optional<String> next() {
    if (isInteractive) {
      console.print("> ");
    }
    try {
      return Optional.ofNullable(reader.readLine());
    } catch (IOException e) {
      throw new InvalidRequestException("standard input cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean isInteractive() {
    return isInteractive;
  }

  @Override
  public void close() {
    // Standard input is not ours to close.
  }
}
