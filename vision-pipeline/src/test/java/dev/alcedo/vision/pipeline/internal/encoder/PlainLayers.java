// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import java.util.function.BiPredicate;
import java.util.function.DoubleUnaryOperator;

/// Layers of towers and projectors as plain loops in double precision, without graphs and backends.
/// F32 files only.
record PlainLayers(ModelFile file) {
  static final DoubleUnaryOperator GELU =
      v -> 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)));
  static final DoubleUnaryOperator QUICK_GELU = v -> v / (1 + Math.exp(-1.702 * v));
  static final DoubleUnaryOperator SILU = v -> v / (1 + Math.exp(-v));

  float[] weights(String name) {
    return file.tensor(name).toFloats();
  }

  /// `x weightᵀ`, and the bias where there is one.
  double[][] linear(String name, double[][] x) {
    float[] weight = weights(name + ".weight");
    int cols = x[0].length;
    var out = new double[x.length][weight.length / cols];
    boolean hasBias = file.find(name + ".bias").isPresent();
    float[] bias = hasBias ? weights(name + ".bias") : new float[out[0].length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < out[i].length; j++) {
        out[i][j] = bias[j];
        for (int k = 0; k < cols; k++) {
          out[i][j] += x[i][k] * weight[j * cols + k];
        }
      }
    }
    return out;
  }

  double[][] layerNorm(String name, double[][] x) {
    float[] weight = weights(name + ".weight");
    float[] bias = weights(name + ".bias");
    var out = new double[x.length][weight.length];
    for (int i = 0; i < x.length; i++) {
      double mean = 0;
      for (double value : x[i]) {
        mean += value / weight.length;
      }
      double variance = 0;
      for (double value : x[i]) {
        variance += (value - mean) * (value - mean) / weight.length;
      }
      for (int c = 0; c < weight.length; c++) {
        out[i][c] = (x[i][c] - mean) / Math.sqrt(variance + 1e-6) * weight[c] + bias[c];
      }
    }
    return out;
  }

  double[][] rmsNorm(String name, double[][] x) {
    float[] weight = weights(name + ".weight");
    var out = new double[x.length][weight.length];
    for (int i = 0; i < x.length; i++) {
      double square = 0;
      for (double value : x[i]) {
        square += value * value / weight.length;
      }
      for (int c = 0; c < weight.length; c++) {
        out[i][c] = x[i][c] / Math.sqrt(square + 1e-6) * weight[c];
      }
    }
    return out;
  }

  /// Row `i` of q looks at row `j` of k and v where `sees` says so.
  double[][] attention(
      double[][] q, double[][] k, double[][] v, int headCount, BiPredicate<Integer, Integer> sees) {
    int length = q[0].length / headCount;
    var out = new double[q.length][q[0].length];
    for (int head = 0; head < headCount; head++) {
      for (int i = 0; i < q.length; i++) {
        var weight = new double[k.length];
        double total = 0;
        for (int j = 0; j < k.length; j++) {
          double dot = 0;
          for (int c = head * length; c < (head + 1) * length; c++) {
            dot += q[i][c] * k[j][c];
          }
          weight[j] = sees.test(i, j) ? Math.exp(dot / Math.sqrt(length)) : 0;
          total += weight[j];
        }
        for (int j = 0; j < k.length; j++) {
          for (int c = head * length; c < (head + 1) * length; c++) {
            out[i][c] += weight[j] / total * v[j][c];
          }
        }
      }
    }
    return out;
  }

  /// The convolution at the patch in `row` and `col`, without bias.
  double[] patch(String name, Bitmap picture, int row, int col, int size) {
    float[] kernels = weights(name);
    float[] mean = file.metadata().numbers("clip.vision.image_mean");
    float[] std = file.metadata().numbers("clip.vision.image_std");
    var out = new double[kernels.length / (3 * size * size)];
    for (int c = 0; c < out.length; c++) {
      for (int channel = 0; channel < 3; channel++) {
        for (int y = 0; y < size; y++) {
          for (int x = 0; x < size; x++) {
            int at = (row * size + y) * picture.width() + col * size + x;
            double value = (picture.rgb()[at * 3 + channel] & 255) / 255.0;
            out[c] +=
                kernels[((c * 3 + channel) * size + y) * size + x]
                    * ((value - mean[channel]) / std[channel]);
          }
        }
      }
    }
    return out;
  }

  static double[][] map(DoubleUnaryOperator function, double[][] x) {
    var out = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      out[i] = x[i].clone();
      for (int c = 0; c < out[i].length; c++) {
        out[i][c] = function.applyAsDouble(out[i][c]);
      }
    }
    return out;
  }

  static double[][] sum(double[][] a, double[][] b) {
    var out = new double[a.length][a[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int c = 0; c < out[i].length; c++) {
        out[i][c] = a[i][c] + b[i][c];
      }
    }
    return out;
  }
}
