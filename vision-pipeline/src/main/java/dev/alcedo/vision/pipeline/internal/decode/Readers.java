// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.decode;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/// The JDK's own ImageIO reader for each format but WebP, chosen once, whatever plugins are
/// installed. Asking ImageIO for each picture would scan its registry each time.
final class Readers {
  private Readers() {}

  /// A new reader; whoever opened it disposes of it.
  static ImageReader open(ImageFormat format) throws IOException {
    return Holder.SPIS.get(format).createReaderInstance();
  }

  /// Loaded with the first picture that is decoded, so that text-only use never starts ImageIO.
  private static final class Holder {
    static final Map<ImageFormat, ImageReaderSpi> SPIS = spis();

    private static Map<ImageFormat, ImageReaderSpi> spis() {
      var spis = new EnumMap<ImageFormat, ImageReaderSpi>(ImageFormat.class);
      for (ImageFormat format : ImageFormat.values()) {
        if (format != ImageFormat.WEBP) {
          spis.put(format, ofJdk(format.name()));
        }
      }
      return spis;
    }

    private static ImageReaderSpi ofJdk(String formatName) {
      Module desktop = ImageReader.class.getModule();
      Iterator<ImageReaderSpi> all =
          IIORegistry.getDefaultInstance()
              .getServiceProviders(
                  ImageReaderSpi.class,
                  spi ->
                      spi.getClass().getModule() == desktop
                          && List.of(((ImageReaderSpi) spi).getFormatNames()).contains(formatName),
                  true);
      return all.next();
    }
  }
}
