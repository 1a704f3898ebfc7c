// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

import java.io.IOException;

/// VP8L's colour indexing (RFC 9649, section 4.4): pixels are indices into a palette, several to a
/// pixel if the palette is small.
///
/// @param width of the picture
/// @param height of the picture
/// @param packBits `2^packBits` indices share a pixel
/// @param colours ARGB
record PaletteTransform(int width, int height, int packBits, int[] colours)
    implements Lossless.Transform {
  static PaletteTransform read(BitReader in, int width, int height) throws IOException {
    int[] colours = LosslessPixels.read(in, in.bits(8) + 1, 1, false);
    for (int i = 1; i < colours.length; i++) {
      colours[i] = PredictorTransform.add(colours[i - 1], colours[i]);
    }
    int count = colours.length;
    int packBits = count <= 2 ? 3 : count <= 4 ? 2 : count <= 16 ? 1 : 0;
    return new PaletteTransform(width, height, packBits, colours);
  }

  /// Pixels of a row while indices are packed.
  int packedWidth() {
    return LosslessPixels.across(width, packBits);
  }

  @Override
  public int[] undo(int[] packed) {
    var pixels = new int[width * height];
    int indexBits = 8 >> packBits;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int green = packed[y * packedWidth() + (x >> packBits)] >> 8 & 255;
        int shift = (x & (1 << packBits) - 1) * indexBits;
        int index = green >> shift & (1 << indexBits) - 1;
        // Beyond the palette: transparent black.
        pixels[y * width + x] = index < colours.length ? colours[index] : 0;
      }
    }
    return pixels;
  }
}
