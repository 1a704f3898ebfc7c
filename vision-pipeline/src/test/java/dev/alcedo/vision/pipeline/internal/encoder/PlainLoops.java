// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import java.util.function.BiPredicate;
import java.util.function.DoubleUnaryOperator;

/// Layers as plain loops in double precision, on rows of numbers, with the weights of an F32 file.
record PlainLoops(ModelFile file) {
  double[][] linear(String name, double[][] x) {
    float[] weight = weights(name + ".weight");
    int out = file.tensor(name + ".weight").shape().dim(0);
    float[] bias = has(name + ".bias") ? weights(name + ".bias") : new float[out];
    var y = new double[x.length][out];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < out; j++) {
        y[i][j] = bias[j];
        for (int k = 0; k < x[i].length; k++) {
          y[i][j] += x[i][k] * weight[j * x[i].length + k];
        }
      }
    }
    return y;
  }

  double[][] layerNorm(String name, double[][] x, double eps) {
    float[] weight = weights(name + ".weight");
    float[] bias = has(name + ".bias") ? weights(name + ".bias") : new float[weight.length];
    var y = new double[x.length][weight.length];
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
        y[i][c] = (x[i][c] - mean) / Math.sqrt(variance + eps) * weight[c] + bias[c];
      }
    }
    return y;
  }

  double[][] rmsNorm(String name, double[][] x, double eps) {
    float[] weight = weights(name + ".weight");
    var y = new double[x.length][weight.length];
    for (int i = 0; i < x.length; i++) {
      double square = 0;
      for (double value : x[i]) {
        square += value * value / weight.length;
      }
      for (int c = 0; c < weight.length; c++) {
        y[i][c] = x[i][c] / Math.sqrt(square + eps) * weight[c];
      }
    }
    return y;
  }

  double[][] attention(double[][] q, double[][] k, double[][] v, int headCount) {
    return attention(q, k, v, headCount, (_, _) -> true);
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

  static double gelu(double v) {
    return 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)));
  }

  static double quickGelu(double v) {
    return v / (1 + Math.exp(-1.702 * v));
  }

  static double silu(double v) {
    return v / (1 + Math.exp(-v));
  }

  static double[][] map(double[][] x, DoubleUnaryOperator f) {
    var y = new double[x.length][x[0].length];
    for (int i = 0; i < x.length; i++) {
      for (int c = 0; c < x[i].length; c++) {
        y[i][c] = f.applyAsDouble(x[i][c]);
      }
    }
    return y;
  }

  static double[][] sum(double[][] a, double[][] b) {
    var y = new double[a.length][a[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int c = 0; c < y[i].length; c++) {
        y[i][c] = a[i][c] + b[i][c];
      }
    }
    return y;
  }

  /// Columns `start` to `start + count` of each row.
  static double[][] cols(double[][] x, int start, int count) {
    var y = new double[x.length][count];
    for (int i = 0; i < x.length; i++) {
      System.arraycopy(x[i], start, y[i], 0, count);
    }
    return y;
  }

  /// `x` times the vector called `name`, where there is one.
  double[][] scaled(String name, double[][] x) {
    if (!has(name)) {
      return x;
    }
    float[] scale = weights(name);
    var y = new double[x.length][x[0].length];
    for (int i = 0; i < x.length; i++) {
      for (int c = 0; c < scale.length; c++) {
        y[i][c] = x[i][c] * scale[c];
      }
    }
    return y;
  }

  boolean has(String name) {
    return file.find(name).isPresent();
  }

  float[] weights(String name) {
    return file.tensor(name).toFloats();
  }
}
