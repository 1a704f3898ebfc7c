// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.testkit.ToyMmproj;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;

/// The `bluelmv` encoder once more, as plain loops in double precision straight from the paper's
/// description, without graphs and backends: what the real one is compared with. F32 files only.
final class ReferenceEncoder {
  private final ModelFile file;
  private final ToyMmproj toy;

  ReferenceEncoder(ModelFile file, ToyMmproj toy) {
    this.file = file;
    this.toy = toy;
  }

  /// Image tokens of one tile, `[tokensPerTile][projectionDim]`.
  double[][] encode(Bitmap tile) {
    double[][] x = patches(tile);
    for (int i = 0; i < toy.blockCount(); i++) {
      String prefix = "v.blk.%d.".formatted(i);
      x = sum(x, attention(prefix, norm(prefix + "ln1", x, 1e-6)));
      double[][] up = linear(prefix + "ffn_up", norm(prefix + "ln2", x, 1e-6));
      x = sum(x, linear(prefix + "ffn_down", gelu(up)));
    }
    double[][] joined = join(norm("v.post_ln", x, 1e-6));
    double[][] hidden = linear("mm.model.mlp.1", norm("mm.model.mlp.0", joined, 1e-5));
    return linear("mm.model.mlp.3", gelu(hidden));
  }

  private double[][] patches(Bitmap tile) {
    float[] kernels = weights("v.patch_embd.weight");
    float[] bias = weights("v.patch_embd.bias");
    float[] positions = weights("v.position_embd.weight");
    int side = toy.patchesPerSide();
    int size = toy.patchSize();
    int width = toy.embeddingLength();
    var out = new double[side * side][width];
    for (int patch = 0; patch < side * side; patch++) {
      for (int c = 0; c < width; c++) {
        double sum = bias[c] + positions[patch * width + c];
        for (int channel = 0; channel < 3; channel++) {
          for (int row = 0; row < size; row++) {
            for (int col = 0; col < size; col++) {
              int y = patch / side * size + row;
              int x = patch % side * size + col;
              int p = tile.rgb()[(y * tile.width() + x) * 3 + channel] & 255;
              sum +=
                  kernels[((c * 3 + channel) * size + row) * size + col]
                      * ((p / 255.0 - 0.5) / 0.5);
            }
          }
        }
        out[patch][c] = sum;
      }
    }
    return out;
  }

  private double[][] attention(String prefix, double[][] x) {
    double[][] q = linear(prefix + "attn_q", x);
    double[][] k = linear(prefix + "attn_k", x);
    double[][] v = linear(prefix + "attn_v", x);
    int length = toy.embeddingLength() / toy.headCount();
    var mixed = new double[x.length][toy.embeddingLength()];
    for (int head = 0; head < toy.headCount(); head++) {
      for (int i = 0; i < x.length; i++) {
        var weight = new double[x.length];
        double total = 0;
        for (int j = 0; j < x.length; j++) {
          double dot = 0;
          for (int c = head * length; c < (head + 1) * length; c++) {
            dot += q[i][c] * k[j][c];
          }
          weight[j] = Math.exp(dot / Math.sqrt(length));
          total += weight[j];
        }
        for (int j = 0; j < x.length; j++) {
          for (int c = head * length; c < (head + 1) * length; c++) {
            mixed[i][c] += weight[j] / total * v[j][c];
          }
        }
      }
    }
    return linear(prefix + "attn_out", mixed);
  }

  /// Neighbours side by side, upper row first; zeros beyond the grid.
  private double[][] join(double[][] x) {
    int side = toy.patchesPerSide();
    int joinedSide = (side + 1) / 2;
    int width = toy.embeddingLength();
    var out = new double[joinedSide * joinedSide][4 * width];
    for (int i = 0; i < out.length; i++) {
      for (int part = 0; part < 4; part++) {
        int row = i / joinedSide * 2 + part / 2;
        int col = i % joinedSide * 2 + part % 2;
        if (row < side && col < side) {
          System.arraycopy(x[row * side + col], 0, out[i], part * width, width);
        }
      }
    }
    return out;
  }

  private double[][] linear(String name, double[][] x) {
    float[] weight = weights(name + ".weight");
    float[] bias = weights(name + ".bias");
    var out = new double[x.length][bias.length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < bias.length; j++) {
        double sum = bias[j];
        for (int k = 0; k < x[i].length; k++) {
          sum += x[i][k] * weight[j * x[i].length + k];
        }
        out[i][j] = sum;
      }
    }
    return out;
  }

  private double[][] norm(String name, double[][] x, double eps) {
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
        out[i][c] = (x[i][c] - mean) / Math.sqrt(variance + eps) * weight[c] + bias[c];
      }
    }
    return out;
  }

  private static double[][] gelu(double[][] x) {
    var out = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      out[i] = x[i].clone();
      for (int c = 0; c < out[i].length; c++) {
        double v = out[i][c];
        out[i][c] = 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)));
      }
    }
    return out;
  }

  private static double[][] sum(double[][] a, double[][] b) {
    var out = new double[a.length][a[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int c = 0; c < out[i].length; c++) {
        out[i][c] = a[i][c] + b[i][c];
      }
    }
    return out;
  }

  private float[] weights(String name) {
    return file.tensor(name).toFloats();
  }
}
