// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.webp;

/// Reads the coefficients of 4x4 blocks (RFC 6386, section 13), already multiplied by their steps.
final class Vp8Coefficients {
  /// Luma without first coefficient; luma's first coefficients; chroma; luma.
  static final int Y_AFTER_Y2 = 0;

  static final int Y2 = 1;
  static final int CHROMA = 2;
  static final int Y = 3;

  private static final int[] BAND = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0};
  private static final int[] ZIGZAG = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};
  private static final int[][] CATEGORY = {
    {173, 148, 140},
    {176, 155, 140, 135},
    {180, 157, 141, 134, 130},
    {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}
  };

  private final int[] probabilities;

  Vp8Coefficients(int[] probabilities) {
    this.probabilities = probabilities;
  }

  /// Reads one block into `out` from `offset`.
  ///
  /// @param context how many of the neighbours above and to the left have coefficients
  /// @param first index of the first coefficient, 0 or 1
  /// @return whether any coefficient was coded
  boolean read(
      BoolDecoder in, int type, int context, int first, int dc, int ac, int[] out, int offset) {
    int n = first;
    int p = Vp8Tables.index(type, BAND[n], context);
    while (n < 16 && in.bit(probabilities[p])) {
      while (!in.bit(probabilities[p + 1])) {
        n++;
        if (n == 16) {
          return true;
        }
        p = Vp8Tables.index(type, BAND[n], 0);
      }
      boolean isLarge = in.bit(probabilities[p + 2]);
      int value = isLarge ? large(in, p) : 1;
      value = in.flag() ? -value : value;
      out[offset + ZIGZAG[n]] = value * (n == 0 ? dc : ac);
      n++;
      p = Vp8Tables.index(type, BAND[n], isLarge ? 2 : 1);
    }
    return n > first;
  }

  private int large(BoolDecoder in, int p) {
    if (!in.bit(probabilities[p + 3])) {
      return in.bit(probabilities[p + 4]) ? 3 + in.one(probabilities[p + 5]) : 2;
    }
    if (!in.bit(probabilities[p + 6])) {
      if (!in.bit(probabilities[p + 7])) {
        return 5 + in.one(159);
      }
      int high = in.one(165);
      return 7 + 2 * high + in.one(145);
    }
    int high = in.one(probabilities[p + 8]);
    int category = 2 * high + in.one(probabilities[p + 9 + high]);
    int extra = 0;
    for (int probability : CATEGORY[category]) {
      extra = extra << 1 | in.one(probability);
    }
    return extra + 3 + (8 << category);
  }
}
