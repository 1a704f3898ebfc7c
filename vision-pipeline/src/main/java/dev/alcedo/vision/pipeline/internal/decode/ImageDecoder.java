// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

import dev.alcedo.runtime.api.BackendUnavailableException;
import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.VlmException;
import java.io.IOException;

/// Encoded pictures to upright RGB bitmaps, within limits. Immutable; any thread.
///
/// Pixels are taken as stored: embedded colour profiles and gamma are not applied, 16-bit samples
/// keep their upper byte, CMYK is converted by plain arithmetic, and what is transparent shows
/// white. Except for that white, this is what Pillow's `open(..).convert("RGB")` gives.
public final class ImageDecoder {
  private final ImageOptions limits;

  /// A decoder that refuses pictures beyond `limits`.
  public ImageDecoder(ImageOptions limits) {
    this.limits = limits;
  }

  /// What `image` says about itself. Decodes nothing; reads every chunk or segment header, so that
  /// a truncated file is found here.
  ///
  /// @throws InvalidRequestException if it is no picture that we read, broken, or beyond a limit
  public ImageHeader inspect(byte[] image) {
    if (image.length == 0) {
      throw new InvalidRequestException("image: the file is empty (0 bytes)");
    }
    if (image.length > limits.bytesMax()) {
      throw new InvalidRequestException(
          "image: %d bytes exceed the limit of %d (bytesMax): send a smaller file or raise it"
              .formatted(image.length, limits.bytesMax()));
    }
    ImageFormat format =
        ImageFormat.of(image)
            .orElseThrow(() ->
                new InvalidRequestException(
                    "image: unknown format: expected PNG, JPEG, GIF, BMP or WebP, got %d bytes beginning %s"
                        .formatted(image.length, beginning(image))));
    ImageHeader header =
        switch (format) {
          case PNG -> PngHeader.read(image);
          case JPEG -> JpegHeader.read(image);
          case GIF -> GifHeader.read(image);
          case BMP -> BmpHeader.read(image);
          case WEBP -> WebpHeader.read(image);
        };
    checkSize(header);
    return header;
  }

  /// The picture, orientation applied.
  ///
  /// @throws InvalidRequestException if it is no picture that we read, broken, or beyond a limit
  /// @throws ResourceExhaustedException if the heap does not hold it
  /// @throws BackendUnavailableException if this Java lacks the native part of ImageIO
  public Bitmap decode(byte[] image) {
    ImageHeader header = inspect(image);
    try {
      return header.orientation().apply(StoredPixels.read(header, image));
    } catch (VlmException e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // ImageIO's readers answer broken data with all kinds: IIOException, IndexOutOfBounds,
      // NegativeArraySize, IllegalArgument, NullPointer...
      throw new InvalidRequestException(
          "image: broken %s of %dx%d pixels: %s"
              .formatted(header.format(), header.width(), header.height(), firstLine(e)),
          e);
    } catch (OutOfMemoryError e) {
      throw ResourceExhaustedException.ofMemory(
          "image: decoding %dx%d pixels needs about %d MiB of heap: send a smaller picture or raise -Xmx"
              .formatted(header.width(), header.height(), bytesNeeded(header) >> 20),
          e);
    } catch (LinkageError e) {
      throw new BackendUnavailableException(
          "image: ImageIO does not load (%s): start Java with -Djava.awt.headless=true"
              .formatted(firstLine(e)),
          e);
    }
  }

  private void checkSize(ImageHeader header) {
    int sideMax = limits.sideMax();
    if (header.width() > sideMax || header.height() > sideMax) {
      throw tooLarge(header, "%d pixels a side (sideMax)".formatted(sideMax));
    }
    // The array of a bitmap is a limit of its own.
    long pixelsMax = Math.min(limits.pixelsMax(), Integer.MAX_VALUE / 4);
    if ((long) header.width() * header.height() > pixelsMax) {
      throw tooLarge(header, "%d pixels (pixelsMax)".formatted(pixelsMax));
    }
  }

  private static InvalidRequestException tooLarge(ImageHeader header, String limit) {
    return new InvalidRequestException(
        "image: %s of %dx%d pixels exceeds the limit of %s: send a smaller picture or raise it"
            .formatted(header.format(), header.width(), header.height(), limit));
  }

  /// Four bytes a pixel in ImageIO's hands and three in each of two bitmaps of ours.
  private static long bytesNeeded(ImageHeader header) {
    return 10L * header.width() * header.height();
  }

  private static String beginning(byte[] image) {
    var text = new StringBuilder();
    for (int i = 0; i < Math.min(8, image.length); i++) {
      text.append(i == 0 ? "" : " ").append("%02x".formatted(image[i]));
    }
    return text.toString();
  }

  private static String firstLine(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : message.lines().findFirst().orElseThrow();
  }
}
