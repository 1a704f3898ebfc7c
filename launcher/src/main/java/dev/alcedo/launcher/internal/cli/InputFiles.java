// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Reads the files that a command line names, with limits before memory.
final class InputFiles {
  /// Texts to tokenize at most.
  private static final long TEXT_BYTES_MAX = 64L << 20;

  private InputFiles() {}

  /// A picture's encoded bytes.
  ///
  /// @throws InvalidRequestException naming the file and what is the matter with it
  static byte[] picture(Path file) {
    return read(file, "picture", ImageOptions.DEFAULTS.bytesMax());
  }

  /// A text in UTF-8.
  ///
  /// @throws InvalidRequestException naming the file and what is the matter with it
  static String text(Path file) {
    byte[] bytes = read(file, "text", TEXT_BYTES_MAX);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidRequestException(
          "text %s: expected UTF-8, got other bytes".formatted(file), e);
    }
  }

  private static byte[] read(Path file, String what, long bytesMax) {
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(Math.toIntExact(bytesMax + 1));
      if (bytes.length > bytesMax) {
        throw new InvalidRequestException(
            "%s %s: expected at most %d bytes, got more; shrink it"
                .formatted(what, file, bytesMax));
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new InvalidRequestException("%s %s: there is no such file".formatted(what, file), e);
    } catch (AccessDeniedException e) {
      throw new InvalidRequestException("%s %s: not permitted to read it".formatted(what, file), e);
    } catch (IOException e) {
      throw new InvalidRequestException(
          "%s %s: cannot be read: %s".formatted(what, file, e.getMessage()), e);
    }
  }
}
