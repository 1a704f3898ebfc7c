// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.BusException;
import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.message.ImageReply;
import java.nio.file.Path;

/// A picture that a person named: its bytes, and its name for messages.
///
/// @param file where it lies
/// @param bytes encoded, as in the file
record PictureFile(Path file, byte[] bytes) {
  private static final String ENGINE_PREFIX = "image: ";

  /// Reads it.
  ///
  /// @throws dev.alcedo.runtime.api.InvalidRequestException if it cannot be read or is too large
  static PictureFile read(Path file) {
    return new PictureFile(file, InputFiles.picture(file));
  }

  /// Hands it in for a model.
  ///
  /// @throws BusException naming the file, of which the engine knows the bytes only
  ImageReply prepare(EngineClient client, String model) {
    try {
      return Replies.await(client.prepare(model, bytes));
    } catch (BusException e) {
      String what = String.valueOf(e.getMessage());
      throw new BusException(
          e.kind(),
          what.startsWith(ENGINE_PREFIX)
              ? "picture %s: %s".formatted(file, what.substring(ENGINE_PREFIX.length()))
              : what);
    }
  }
}
