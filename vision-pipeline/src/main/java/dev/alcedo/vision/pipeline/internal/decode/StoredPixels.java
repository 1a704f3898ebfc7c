// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Lets a decoder have the bytes, once the header is known and within limits.
final class StoredPixels {
  private StoredPixels() {}

  /// The pixels as stored, orientation not applied.
  ///
  /// @throws IOException or an unchecked exception of any kind if the data is broken
  static Bitmap read(ImageHeader header, byte[] image) throws IOException {
    if (header.detail() instanceof ImageHeader.Detail.WebpData data) {
      return WebpPixels.read(header, image, data);
    }
    ImageReader reader = Readers.open(header.format());
    // In memory: ImageIO's own streams may cache in files.
    try (var stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(image))) {
      // Metadata is ours to read: it is where decompression bombs hide.
      reader.setInput(stream, true, true);
      return switch (header.detail()) {
        case ImageHeader.Detail.Inks inks -> inks(header, reader.readRaster(0, null), inks);
        case ImageHeader.Detail.Frame frame -> frame(header, reader.read(0), frame);
        case ImageHeader.Detail.None _, ImageHeader.Detail.WebpData _ ->
            plain(header, reader.read(0));
      };
    } finally {
      reader.dispose();
    }
  }

  private static Bitmap plain(ImageHeader header, BufferedImage image) throws IOException {
    checkSize(header.width(), header.height(), image.getWidth(), image.getHeight());
    Bitmap bitmap = Bitmap.black(image.getWidth(), image.getHeight());
    RgbSamples.copy(image, bitmap, 0, 0);
    return bitmap;
  }

  private static Bitmap frame(
      ImageHeader header, BufferedImage image, ImageHeader.Detail.Frame frame) throws IOException {
    if (image.getWidth() > header.width() - frame.left()
        || image.getHeight() > header.height() - frame.top()) {
      throw new IOException("the frame is larger than its header says");
    }
    Bitmap canvas = Bitmap.black(header.width(), header.height());
    Arrays.fill(canvas.rgb(), (byte) 255);
    RgbSamples.copy(image, canvas, frame.left(), frame.top());
    return canvas;
  }

  private static Bitmap inks(ImageHeader header, Raster raster, ImageHeader.Detail.Inks inks)
      throws IOException {
    checkSize(header.width(), header.height(), raster.getWidth(), raster.getHeight());
    if (raster.getNumBands() != 4) {
      throw new IOException("expected 4 components, got " + raster.getNumBands());
    }
    Bitmap bitmap = Bitmap.black(raster.getWidth(), raster.getHeight());
    InkConversion.convert(raster, inks.isYcck(), bitmap.rgb());
    return bitmap;
  }

  private static void checkSize(int width, int height, int gotWidth, int gotHeight)
      throws IOException {
    if (gotWidth != width || gotHeight != height) {
      throw new IOException("decoded %dx%d pixels".formatted(gotWidth, gotHeight));
    }
  }
}
