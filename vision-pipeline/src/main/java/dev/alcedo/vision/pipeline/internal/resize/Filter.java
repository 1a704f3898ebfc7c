// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.resize;

/// Resampling filters, as Pillow's `Image.Resampling` defines them.
public enum Filter {
  /// Triangle: `1 - |x|`.
  BILINEAR(1) {
    @Override
    double weight(double x) {
      double distance = Math.abs(x);
      return distance < 1 ? 1 - distance : 0;
    }
  },
  /// Keys' cubic with a = -0.5.
  BICUBIC(2) {
    @Override
    double weight(double x) {
      double d = Math.abs(x);
      if (d < 1) {
        return ((A + 2) * d - (A + 3)) * d * d + 1;
      }
      return d < 2 ? (((d - 5) * d + 8) * d - 4) * A : 0;
    }
  },
  /// Truncated sinc of three lobes.
  LANCZOS(3) {
    @Override
    double weight(double x) {
      return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    }
  };

  private static final double A = -0.5;

  private final double support;

  Filter(double support) {
    this.support = support;
  }

  /// Half the filter's width in source pixels when not shrinking.
  double support() {
    return support;
  }

  /// The filter at `x` source pixels from its middle.
  abstract double weight(double x);

  private static double sinc(double x) {
    return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
  }
}
