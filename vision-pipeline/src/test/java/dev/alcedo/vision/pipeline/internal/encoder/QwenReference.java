// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.testkit.ToyQwenMmproj;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;

/// Qwen2-VL's and Qwen2.5-VL's encoders once more, as plain loops over patches row by row: no
/// sorting, no segments.
final class QwenReference {
  private static final double EPS = 1e-6;

  private final PlainLoops layers;
  private final ToyQwenMmproj toy;
  private int cols;

  QwenReference(ModelFile file, ToyQwenMmproj toy) {
    this.layers = new PlainLoops(file);
    this.toy = toy;
  }

  /// Image tokens row by row.
  double[][] encode(Bitmap picture) {
    int size = toy.patchSize();
    cols = picture.width() / size;
    int rows = picture.height() / size;
    var x = new double[rows * cols][];
    for (int i = 0; i < x.length; i++) {
      double[] first = layers.patch("v.patch_embd.weight", picture, i / cols, i % cols, size);
      double[] second = layers.patch("v.patch_embd.weight.1", picture, i / cols, i % cols, size);
      x[i] = PlainLoops.sum(new double[][] {first}, new double[][] {second})[0];
    }
    for (int i = 0; i < toy.blockCount(); i++) {
      String prefix = "v.blk.%d.".formatted(i);
      x = PlainLoops.sum(x, attention(prefix, norm(prefix + "ln1", x), i));
      x = PlainLoops.sum(x, feedForward(prefix, norm(prefix + "ln2", x)));
    }
    double[][] squares = squares(norm("v.post_ln", x));
    return layers.linear("mm.2", PlainLoops.map(layers.linear("mm.0", squares), PlainLoops::gelu));
  }

  private double[][] norm(String name, double[][] x) {
    return toy.isGated() ? layers.rmsNorm(name, x, EPS) : layers.layerNorm(name, x, EPS);
  }

  private double[][] attention(String prefix, double[][] x, int block) {
    double[][] q = turned(layers.linear(prefix + "attn_q", x));
    double[][] k = turned(layers.linear(prefix + "attn_k", x));
    double[][] v = layers.linear(prefix + "attn_v", x);
    boolean isFull = !toy.isGated() || (block + 1) % toy.fullPattern() == 0;
    double[][] mixed =
        layers.attention(q, k, v, toy.headCount(), (i, j) -> isFull || window(i).equals(window(j)));
    return layers.linear(prefix + "attn_out", mixed);
  }

  /// Windows are squares of 112 pixels.
  private String window(int patch) {
    int side = 112 / toy.patchSize();
    return patch / cols / side + "," + patch % cols / side;
  }

  /// Rotary positions as the model's code has them: one angle for each pair, the rows' angles
  /// first, then the columns', each with frequencies `10000^(-4i / headLength)`.
  private double[][] turned(double[][] x) {
    int length = toy.embeddingLength() / toy.headCount();
    int quarter = length / 4;
    var out = new double[x.length][x[0].length];
    for (int i = 0; i < x.length; i++) {
      for (int head = 0; head < toy.headCount(); head++) {
        for (int pair = 0; pair < length / 2; pair++) {
          double frequency = Math.pow(10_000, -4.0 * (pair % quarter) / length);
          double angle = frequency * (pair < quarter ? i / cols : i % cols);
          int at = head * length + pair;
          double a = x[i][at];
          double b = x[i][at + length / 2];
          out[i][at] = a * Math.cos(angle) - b * Math.sin(angle);
          out[i][at + length / 2] = a * Math.sin(angle) + b * Math.cos(angle);
        }
      }
    }
    return out;
  }

  private double[][] feedForward(String prefix, double[][] x) {
    double[][] up = layers.linear(prefix + "ffn_up", x);
    if (!toy.isGated()) {
      return layers.linear(prefix + "ffn_down", PlainLoops.map(up, PlainLoops::quickGelu));
    }
    double[][] gate = PlainLoops.map(layers.linear(prefix + "ffn_gate", x), PlainLoops::silu);
    for (int i = 0; i < gate.length; i++) {
      for (int c = 0; c < gate[i].length; c++) {
        gate[i][c] *= up[i][c];
      }
    }
    return layers.linear(prefix + "ffn_down", gate);
  }

  private double[][] squares(double[][] x) {
    int width = toy.embeddingLength();
    var out = new double[x.length / 4][4 * width];
    for (int i = 0; i < out.length; i++) {
      int row = i / (cols / 2) * 2;
      int col = i % (cols / 2) * 2;
      for (int part = 0; part < 4; part++) {
        int patch = (row + part / 2) * cols + col + part % 2;
        System.arraycopy(x[patch], 0, out[i], part * width, width);
      }
    }
    return out;
  }
}
