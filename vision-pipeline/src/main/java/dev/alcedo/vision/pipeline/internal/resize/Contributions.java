// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.resize;

/// Which source pixels make up each target pixel along one axis, with weights in fixed point:
/// Pillow's `precompute_coeffs` and `normalize_coeffs_8bpc` (libImaging/Resample.c), same order of
/// operations, so that results agree to the bit.
///
/// @param starts first source pixel of each target pixel
/// @param counts how many source pixels each target pixel reads
/// @param stride weights reserved for each target pixel
/// @param weights `[targets, stride]`, in units of 2^-[#FRACTION_BITS]
record Contributions(int[] starts, int[] counts, int stride, int[] weights) {
  /// 32 bits less 8 for the sample and 2 for overshoot and sign.
  static final int FRACTION_BITS = 32 - 8 - 2;

  static Contributions of(Filter filter, int sourceLength, int targetLength) {
    double scale = (double) sourceLength / targetLength;
    double filterScale = Math.max(scale, 1.0);
    double support = filter.support() * filterScale;
    int stride = Math.addExact(Math.multiplyExact((int) Math.ceil(support), 2), 1);
    var starts = new int[targetLength];
    var counts = new int[targetLength];
    var weights = new int[Math.multiplyExact(targetLength, stride)];
    var exact = new double[stride];
    for (int target = 0; target < targetLength; target++) {
      double centre = (target + 0.5) * scale;
      int start = Math.max(0, (int) (centre - support + 0.5));
      int count = Math.min(sourceLength, (int) (centre + support + 0.5)) - start;
      double sum = 0;
      for (int i = 0; i < count; i++) {
        exact[i] = filter.weight((i + start - centre + 0.5) * (1.0 / filterScale));
        sum += exact[i];
      }
      for (int i = 0; i < count; i++) {
        weights[target * stride + i] = fixed(sum == 0 ? exact[i] : exact[i] / sum);
      }
      starts[target] = start;
      counts[target] = count;
    }
    return new Contributions(starts, counts, stride, weights);
  }

  /// Rounded half away from zero.
  private static int fixed(double weight) {
    return (int) ((weight < 0 ? -0.5 : 0.5) + weight * (1 << FRACTION_BITS));
  }
}
