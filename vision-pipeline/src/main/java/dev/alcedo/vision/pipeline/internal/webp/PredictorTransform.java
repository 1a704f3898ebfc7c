// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

/// VP8L's predictor (RFC 9649, section 4.1): pixels are differences to what their neighbours let
/// expect, in one of 14 ways for each tile.
///
/// @param width of the picture
/// @param bits a tile is `2^bits` pixels wide and high
/// @param tiles modes, in green
record PredictorTransform(int width, int bits, int[] tiles) implements Lossless.Transform {
  private static final int BLACK = 0xFF000000;

  @Override
  public int[] undo(int[] pixels) {
    int tilesAcross = LosslessPixels.across(width, bits);
    for (int i = 0; i < pixels.length; i++) {
      int x = i % width;
      int y = i / width;
      int expected;
      if (y == 0) {
        expected = x == 0 ? BLACK : pixels[i - 1];
      } else if (x == 0) {
        expected = pixels[i - width];
      } else {
        int mode = tiles[(y >> bits) * tilesAcross + (x >> bits)] >> 8 & 15;
        expected = predicted(mode, pixels, i);
      }
      pixels[i] = add(pixels[i], expected);
    }
    return pixels;
  }

  /// Each channel's sum, modulo 256.
  static int add(int a, int b) {
    int alphaAndGreen = (a & 0xFF00FF00) + (b & 0xFF00FF00) & 0xFF00FF00;
    return alphaAndGreen | (a & 0xFF00FF) + (b & 0xFF00FF) & 0xFF00FF;
  }

  /// At the right side, the pixel above and to the right is the first of this row.
  private int predicted(int mode, int[] pixels, int i) {
    int left = pixels[i - 1];
    int top = pixels[i - width];
    int topRight = pixels[i - width + 1];
    int topLeft = pixels[i - width - 1];
    return switch (mode) {
      case 1 -> left;
      case 2 -> top;
      case 3 -> topRight;
      case 4 -> topLeft;
      case 5 -> mean(mean(left, topRight), top);
      case 6 -> mean(left, topLeft);
      case 7 -> mean(left, top);
      case 8 -> mean(topLeft, top);
      case 9 -> mean(top, topRight);
      case 10 -> mean(mean(left, topLeft), mean(top, topRight));
      case 11 -> distance(top, topLeft) < distance(left, topLeft) ? left : top;
      case 12 -> full(left, top, topLeft);
      case 13 -> half(mean(left, top), topLeft);
      default -> BLACK;
    };
  }

  private static int mean(int a, int b) {
    return ((a ^ b) >>> 1 & 0x7F7F7F7F) + (a & b);
  }

  private static int distance(int a, int b) {
    int sum = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      sum += Math.abs((a >> shift & 255) - (b >> shift & 255));
    }
    return sum;
  }

  private static int full(int a, int b, int c) {
    int result = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      int value = (a >> shift & 255) + (b >> shift & 255) - (c >> shift & 255);
      result |= Math.clamp(value, 0, 255) << shift;
    }
    return result;
  }

  private static int half(int a, int b) {
    int result = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      int channel = a >> shift & 255;
      int value = channel + (channel - (b >> shift & 255)) / 2;
      result |= Math.clamp(value, 0, 255) << shift;
    }
    return result;
  }
}
