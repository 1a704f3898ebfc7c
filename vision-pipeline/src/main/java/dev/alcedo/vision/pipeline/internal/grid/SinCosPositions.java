// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.grid;

/// Sines and cosines of a patch's column and row, as MiniCPM-V's resampler adds them to its keys:
/// four quarters, sine and cosine of the column, sine and cosine of the row, the `i`-th of a
/// quarter of `n` at frequency `10000^(-i / n)`.
///
/// @param length columns, a multiple of 4
public record SinCosPositions(int length) {
  private static final double BASE = 10_000;

  /// The rows of all patches in order, `[patches, length]` row-major.
  public float[] rows(PatchOrder order) {
    int count = order.grid().count();
    var out = new float[Math.multiplyExact(count, length)];
    int quarter = length / 4;
    for (int i = 0; i < quarter; i++) {
      float frequency = (float) (1 / Math.pow(BASE, (double) i / quarter));
      for (int patch = 0; patch < count; patch++) {
        int at = patch * length + i;
        float across = frequency * order.cols()[patch];
        float down = frequency * order.rows()[patch];
        out[at] = (float) Math.sin(across);
        out[at + quarter] = (float) Math.cos(across);
        out[at + 2 * quarter] = (float) Math.sin(down);
        out[at + 3 * quarter] = (float) Math.cos(down);
      }
    }
    return out;
  }
}
