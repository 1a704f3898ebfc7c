// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.quantise;

import java.nio.ByteBuffer;

/// Q4_K and Q5_K (ggml, `block_q4_K`, `block_q5_K`): 256 elements in 8 groups of 32, `x = d sc q -
/// dmin mn` with scales and mins of 6 bits. Scale and min of a group are fitted by [AffineFit];
/// then the scales are rounded to multiples of the block's d and dmin, and the elements are rounded
/// again with what the scales have become.
final class AffineBlocks implements BlockEncoder {
  private static final int LENGTH = 256;
  private static final int GROUP = 32;
  private static final int GROUP_COUNT = LENGTH / GROUP;
  private static final int CODE_MAX = 63;

  private final int levelMax;
  private final AffineFit fit;
  private final float[] scales = new float[GROUP_COUNT];
  private final float[] mins = new float[GROUP_COUNT];
  private final int[] scaleCodes = new int[GROUP_COUNT];
  private final int[] minCodes = new int[GROUP_COUNT];
  private final byte[] q = new byte[LENGTH];

  /// @param levelMax 15 for Q4_K, 31 for Q5_K
  AffineBlocks(int levelMax) {
    this.levelMax = levelMax;
    this.fit = new AffineFit(GROUP, levelMax);
  }

  @Override
  public void encode(float[] x, int at, ByteBuffer out) {
    for (int g = 0; g < GROUP_COUNT; g++) {
      fit.fit(x, at + g * GROUP);
      scales[g] = fit.scale();
      mins[g] = fit.min();
    }
    short d = factor(scales);
    short dmin = factor(mins);
    codes(scales, Float.float16ToFloat(d), scaleCodes);
    codes(mins, Float.float16ToFloat(dmin), minCodes);
    for (int g = 0; g < GROUP_COUNT; g++) {
      float scale = Float.float16ToFloat(d) * scaleCodes[g];
      float min = Float.float16ToFloat(dmin) * minCodes[g];
      for (int i = g * GROUP; i < (g + 1) * GROUP; i++) {
        q[i] = (byte) (scale == 0 ? 0 : level((x[at + i] + min) / scale));
      }
    }
    out.putShort(d).putShort(dmin);
    putCodes(out);
    if (levelMax > 15) {
      putFifthBits(out);
    }
    putNibbles(out);
  }

  private int level(float v) {
    return Math.clamp((int) Math.rint(v), 0, levelMax);
  }

  /// The F16 number that the largest of `values` is 63 of.
  private static short factor(float[] values) {
    float max = 0;
    for (float value : values) {
      max = Math.max(max, value);
    }
    return Float.floatToFloat16(max / CODE_MAX);
  }

  private static void codes(float[] values, float factor, int[] codes) {
    for (int g = 0; g < GROUP_COUNT; g++) {
      codes[g] = factor == 0 ? 0 : Math.min(CODE_MAX, Math.round(values[g] / factor));
    }
  }

  /// Scales and mins of groups 0 to 3 in the low 6 bits of 4 bytes each; of groups 4 to 7 the low 4
  /// bits in 4 more bytes, the high 2 bits on top of the former.
  private void putCodes(ByteBuffer out) {
    for (int g = 0; g < 4; g++) {
      out.put((byte) (scaleCodes[g] | scaleCodes[g + 4] >>> 4 << 6));
    }
    for (int g = 0; g < 4; g++) {
      out.put((byte) (minCodes[g] | minCodes[g + 4] >>> 4 << 6));
    }
    for (int g = 4; g < GROUP_COUNT; g++) {
      out.put((byte) (scaleCodes[g] & 15 | (minCodes[g] & 15) << 4));
    }
  }

  /// Bit g of byte i belongs to element i of group g.
  private void putFifthBits(ByteBuffer out) {
    for (int i = 0; i < GROUP; i++) {
      int bits = 0;
      for (int g = 0; g < GROUP_COUNT; g++) {
        bits |= (q[g * GROUP + i] >>> 4) << g;
      }
      out.put((byte) bits);
    }
  }

  /// Groups in pairs, the first of a pair in the low nibbles.
  private void putNibbles(ByteBuffer out) {
    for (int g = 0; g < GROUP_COUNT; g += 2) {
      for (int i = 0; i < GROUP; i++) {
        out.put((byte) (q[g * GROUP + i] & 15 | (q[(g + 1) * GROUP + i] & 15) << 4));
      }
    }
  }
}
