// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

import java.io.IOException;

/// Entropy-coded pixels of VP8L (RFC 9649, sections 3.5 and 3.6): literals, copies of earlier
/// pixels and colours from a cache.
final class LosslessPixels {
  private static final int LITERAL_COUNT = 256;
  private static final int LENGTH_CODE_COUNT = 24;
  private static final int DISTANCE_CODE_COUNT = 40;
  private static final int CODES_PER_GROUP = 5;
  private static final int CACHE_FACTOR = 0x1e35a7bd;

  /// Where the 120 shortest distance codes point: `dy * 16 + 8 - dx`, up and to the left.
  private static final int[] NEAR = {
    24, 7, 23, 25, 40, 6, 39, 41, 22, 26, 38, 42, 56, 5, 55, 57, 21, 27, 54, 58, 37, 43, 72, 4, 71,
    73, 20, 28, 53, 59, 70, 74, 36, 44, 88, 69, 75, 52, 60, 3, 87, 89, 19, 29, 86, 90, 35, 45, 68,
    76, 85, 91, 51, 61, 104, 2, 103, 105, 18, 30, 102, 106, 34, 46, 84, 92, 67, 77, 101, 107, 50,
    62, 120, 1, 119, 121, 83, 93, 17, 31, 100, 108, 66, 78, 118, 122, 33, 47, 117, 123, 49, 63, 99,
    109, 82, 94, 0, 116, 124, 65, 79, 16, 32, 98, 110, 48, 115, 125, 81, 95, 64, 114, 126, 97, 111,
    80, 113, 127, 96, 112
  };

  private final BitReader in;
  private final int width;
  private final int height;
  private int cacheBits;
  private int[] cache = new int[0];
  private int groupBits;
  private int[] groupMap = new int[0];
  private PrefixCode[] codes = new PrefixCode[0];

  private LosslessPixels(BitReader in, int width, int height) {
    this.in = in;
    this.width = width;
    this.height = height;
  }

  /// Reads `[height, width]` ARGB pixels.
  ///
  /// @param isPicture whether these are the picture's own, which may have several groups of codes
  static int[] read(BitReader in, int width, int height, boolean isPicture) throws IOException {
    var pixels = new LosslessPixels(in, width, height);
    pixels.readCodes(isPicture);
    return pixels.readPixels();
  }

  private void readCodes(boolean isPicture) throws IOException {
    if (in.flag()) {
      cacheBits = in.bits(4);
      if (cacheBits < 1 || cacheBits > 11) {
        throw new IOException("a colour cache of %d bits".formatted(cacheBits));
      }
      cache = new int[1 << cacheBits];
    }
    int groupCount = 1;
    if (isPicture && in.flag()) {
      groupBits = in.bits(3) + 2;
      groupMap = read(in, across(width, groupBits), across(height, groupBits), false);
      for (int i = 0; i < groupMap.length; i++) {
        groupMap[i] = groupMap[i] >> 8 & 0xFFFF;
        groupCount = Math.max(groupCount, groupMap[i] + 1);
      }
    }
    codes = new PrefixCode[groupCount * CODES_PER_GROUP];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = PrefixCode.read(in, alphabetSize(i % CODES_PER_GROUP));
    }
  }

  private int alphabetSize(int code) {
    return switch (code) {
      case 0 -> LITERAL_COUNT + LENGTH_CODE_COUNT + cache.length;
      case 4 -> DISTANCE_CODE_COUNT;
      default -> LITERAL_COUNT;
    };
  }

  private int[] readPixels() throws IOException {
    var pixels = new int[Math.multiplyExact(width, height)];
    int at = 0;
    while (at < pixels.length) {
      int group = group(at) * CODES_PER_GROUP;
      int symbol = codes[group].next(in);
      if (symbol < LITERAL_COUNT) {
        int red = codes[group + 1].next(in);
        int blue = codes[group + 2].next(in);
        int alpha = codes[group + 3].next(in);
        pixels[at] = alpha << 24 | red << 16 | symbol << 8 | blue;
        remember(pixels[at++]);
      } else if (symbol < LITERAL_COUNT + LENGTH_CODE_COUNT) {
        at = copy(pixels, at, symbol - LITERAL_COUNT, codes[group + 4]);
      } else {
        pixels[at] = cache[symbol - LITERAL_COUNT - LENGTH_CODE_COUNT];
        remember(pixels[at++]);
      }
    }
    return pixels;
  }

  private int group(int at) {
    if (groupMap.length == 0) {
      return 0;
    }
    return groupMap[
        (at / width >> groupBits) * across(width, groupBits) + (at % width >> groupBits)];
  }

  private int copy(int[] pixels, int at, int lengthCode, PrefixCode distances) throws IOException {
    int length = extended(lengthCode);
    int distance = distance(extended(distances.next(in)));
    if (distance > at || length > pixels.length - at) {
      throw new IOException("a copy reaches outside the picture");
    }
    for (int end = at + length; at < end; at++) {
      pixels[at] = pixels[at - distance];
      remember(pixels[at]);
    }
    return at;
  }

  /// A length or distance from its code and the extra bits that follow.
  private int extended(int code) throws IOException {
    if (code < 4) {
      return code + 1;
    }
    int bits = code - 2 >> 1;
    return (2 + (code & 1) << bits) + in.bits(bits) + 1;
  }

  private int distance(int code) {
    if (code > NEAR.length) {
      return code - NEAR.length;
    }
    int near = NEAR[code - 1];
    return Math.max(1, (near >> 4) * width + 8 - (near & 15));
  }

  private void remember(int colour) {
    if (cacheBits > 0) {
      cache[CACHE_FACTOR * colour >>> 32 - cacheBits] = colour;
    }
  }

  /// Tiles of `2^bits` pixels that `length` pixels take.
  static int across(int length, int bits) {
    return length + (1 << bits) - 1 >> bits;
  }
}
