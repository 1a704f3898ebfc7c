// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A VP8L stream: which transforms were applied, then the pixels, then the transforms undone.
final class Lossless {
  private static final int PREDICTOR = 0;
  private static final int COLOUR = 1;
  private static final int SUBTRACT_GREEN = 2;
  private static final int HEADER_BITS = 8 + 14 + 14;
  private static final int VERSION_BITS = 3;

  private Lossless() {}

  /// A step of decoding, undone in the reverse order of reading.
  interface Transform {
    /// `[height, width]` ARGB pixels; may change them in place.
    int[] undo(int[] pixels);
  }

  /// The pixels of a VP8L chunk, `[height, width]` ARGB; opaque if it says that it has no alpha.
  static int[] picture(byte[] bytes, int offset, int length, int width, int height)
      throws IOException {
    var in = new BitReader(bytes, offset, length);
    in.bits(HEADER_BITS - 14);
    in.bits(14);
    boolean hasAlpha = in.flag();
    in.bits(VERSION_BITS);
    int[] pixels = stream(in, width, height);
    for (int i = 0; i < pixels.length && !hasAlpha; i++) {
      pixels[i] |= 0xFF000000;
    }
    return pixels;
  }

  /// Transforms and pixels without the header, as alpha planes have them.
  static int[] stream(BitReader in, int width, int height) throws IOException {
    var transforms = new ArrayList<Transform>();
    int seen = 0;
    int packedWidth = width;
    while (in.flag()) {
      int type = in.bits(2);
      if ((seen & 1 << type) != 0) {
        throw new IOException("transform %d comes twice".formatted(type));
      }
      seen |= 1 << type;
      switch (type) {
        case PREDICTOR, COLOUR -> {
          int bits = in.bits(3) + 2;
          int[] tiles =
              LosslessPixels.read(
                  in,
                  LosslessPixels.across(packedWidth, bits),
                  LosslessPixels.across(height, bits),
                  false);
          transforms.add(
              type == PREDICTOR
                  ? new PredictorTransform(packedWidth, bits, tiles)
                  : new ColourTransform(packedWidth, bits, tiles));
        }
        case SUBTRACT_GREEN -> transforms.add(Lossless::addGreen);
        default -> {
          PaletteTransform palette = PaletteTransform.read(in, packedWidth, height);
          transforms.add(palette);
          packedWidth = palette.packedWidth();
        }
      }
    }
    return undo(transforms, LosslessPixels.read(in, packedWidth, height, true));
  }

  private static int[] undo(List<Transform> transforms, int[] pixels) {
    for (Transform transform : transforms.reversed()) {
      pixels = transform.undo(pixels);
    }
    return pixels;
  }

  private static int[] addGreen(int[] pixels) {
    for (int i = 0; i < pixels.length; i++) {
      int green = pixels[i] >> 8 & 255;
      int redAndBlue = (pixels[i] & 0xFF00FF) + (green << 16 | green) & 0xFF00FF;
      pixels[i] = pixels[i] & 0xFF00FF00 | redAndBlue;
    }
    return pixels;
  }
}
