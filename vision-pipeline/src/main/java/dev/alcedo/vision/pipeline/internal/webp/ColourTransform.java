// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

/// VP8L's colour transform (RFC 9649, section 4.2): red and blue were predicted from green, blue
/// from red, with factors for each tile.
///
/// @param width of the picture
/// @param bits a tile is `2^bits` pixels wide and high
/// @param tiles factors, as ARGB
record ColourTransform(int width, int bits, int[] tiles) implements Lossless.Transform {
  @Override
  public int[] undo(int[] pixels) {
    int tilesAcross = LosslessPixels.across(width, bits);
    for (int i = 0; i < pixels.length; i++) {
      int factors = tiles[(i / width >> bits) * tilesAcross + (i % width >> bits)];
      int pixel = pixels[i];
      int green = pixel >> 8;
      int red = (pixel >> 16) + share(factors, green);
      int blue = pixel + share(factors >> 8, green) + share(factors >> 16, red);
      pixels[i] = pixel & 0xFF00FF00 | (red & 255) << 16 | blue & 255;
    }
    return pixels;
  }

  /// Both are signed bytes; the factor is in 32nds.
  private static int share(int factor, int colour) {
    return (byte) factor * (byte) colour >> 5;
  }
}
