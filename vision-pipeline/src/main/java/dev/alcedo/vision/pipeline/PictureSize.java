// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline;

import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.vision.pipeline.internal.decode.ImageDecoder;
import dev.alcedo.vision.pipeline.internal.decode.ImageHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The size of a picture file, from its header.
public final class PictureSize {
  private PictureSize() {}

  /// Width and height as it is seen, orientation applied; nothing if it is no picture that we read,
  /// or is beyond the usual limits.
  ///
  /// @throws UncheckedIOException if the file cannot be read
  public static Optional<TileStatistics.Size> of(Path file) {
    try {
      ImageHeader header =
          new ImageDecoder(ImageOptions.DEFAULTS).inspect(Files.readAllBytes(file));
      return Optional.of(new TileStatistics.Size(header.uprightWidth(), header.uprightHeight()));
    } catch (InvalidRequestException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
