// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.quantise;

import java.nio.ByteBuffer;

/// Q6_K (ggml, `block_q6_K`): 256 elements in 16 groups of 16, `x = d sc q` with q from -32 to 31
/// and signed scales of 8 bits.
///
/// For given q the best scale of a group is that of least squares, weighted with the squares of the
/// elements; q is what a trial scale makes of x. Trial scales are those around the one that maps
/// the largest magnitude to -32.
final class Q6KBlocks implements BlockEncoder {
  private static final int LENGTH = 256;
  private static final int GROUP = 16;
  private static final int GROUP_COUNT = LENGTH / GROUP;
  private static final int LEVELS = 32;
  private static final int TRIALS = 9; // on each side
  private static final float TRIAL_STEP = 0.1f;

  private final float[] scales = new float[GROUP_COUNT];
  private final byte[] q = new byte[LENGTH];

  @Override
  public void encode(float[] x, int at, ByteBuffer out) {
    float largest = 0;
    for (int g = 0; g < GROUP_COUNT; g++) {
      scales[g] = scale(x, at + g * GROUP);
      largest = Math.abs(scales[g]) > Math.abs(largest) ? scales[g] : largest;
    }
    short d = Float.floatToFloat16(largest / -128);
    float factor = Float.float16ToFloat(d);
    var codes = new byte[GROUP_COUNT];
    for (int g = 0; g < GROUP_COUNT; g++) {
      codes[g] = (byte) (factor == 0 ? 0 : Math.clamp(Math.round(scales[g] / factor), -128, 127));
      float scale = factor * codes[g];
      for (int i = g * GROUP; i < (g + 1) * GROUP; i++) {
        q[i] = (byte) (scale == 0 ? LEVELS : LEVELS + level(x[at + i] / scale));
      }
    }
    putLow(out);
    putHigh(out);
    out.put(codes).putShort(d);
  }

  private static int level(float v) {
    return Math.clamp((int) Math.rint(v), -LEVELS, LEVELS - 1);
  }

  private static float scale(float[] x, int at) {
    float extreme = 0;
    for (int i = 0; i < GROUP; i++) {
      extreme = Math.abs(x[at + i]) > Math.abs(extreme) ? x[at + i] : extreme;
    }
    if (extreme == 0) {
      return 0;
    }
    // The fitted scale lowers the error by (sum w x q)^2 / sum w q^2, whatever the scale is.
    float bestGain = -1;
    float best = 0;
    for (int t = -TRIALS; t <= TRIALS; t++) {
      float inverse = -(LEVELS + t * TRIAL_STEP) / extreme;
      float xq = 0;
      float qq = 0;
      for (int i = 0; i < GROUP; i++) {
        float v = x[at + i];
        float level = level(v * inverse);
        float weighted = v * v * level;
        xq += weighted * v;
        qq += weighted * level;
      }
      float gain = xq * xq / qq;
      if (gain > bestGain) {
        bestGain = gain;
        best = xq / qq;
      }
    }
    return bestGain < 0 ? extreme / -LEVELS : best;
  }

  /// Of each half of 128: quarters 0 and 2, then 1 and 3, share bytes, the former low.
  private void putLow(ByteBuffer out) {
    for (int half = 0; half < LENGTH; half += 128) {
      for (int i = 0; i < 64; i++) {
        out.put((byte) (q[half + i] & 15 | (q[half + 64 + i] & 15) << 4));
      }
    }
  }

  /// Of each half: bits 2 k and 2 k + 1 of byte i belong to element i of quarter k.
  private void putHigh(ByteBuffer out) {
    for (int half = 0; half < LENGTH; half += 128) {
      for (int i = 0; i < 32; i++) {
        int bits = 0;
        for (int quarter = 0; quarter < 4; quarter++) {
          bits |= (q[half + 32 * quarter + i] >>> 4) << 2 * quarter;
        }
        out.put((byte) bits);
      }
    }
  }
}
