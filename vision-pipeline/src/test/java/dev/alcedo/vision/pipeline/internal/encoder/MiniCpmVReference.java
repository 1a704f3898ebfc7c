// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.testkit.ToyResamplerMmproj;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;

/// MiniCPM-V's encoder once more, as plain loops.
final class MiniCpmVReference {
  private static final double EPS = 1e-6;

  private final PlainLoops layers;
  private final ToyResamplerMmproj toy;

  MiniCpmVReference(ModelFile file, ToyResamplerMmproj toy) {
    this.layers = new PlainLoops(file);
    this.toy = toy;
  }

  /// Image tokens of one tile.
  double[][] encode(Bitmap tile) {
    int size = toy.patchSize();
    int cols = tile.width() / size;
    int rows = tile.height() / size;
    double[][] x = patches(tile, cols, rows);
    for (int i = 0; i < 2; i++) {
      String prefix = "v.blk.%d.".formatted(i);
      double[][] normed = layers.layerNorm(prefix + "ln1", x, EPS);
      double[][] mixed =
          layers.attention(
              layers.linear(prefix + "attn_q", normed),
              layers.linear(prefix + "attn_k", normed),
              layers.linear(prefix + "attn_v", normed),
              2,
              (_, _) -> true);
      x = PlainLoops.sum(x, layers.linear(prefix + "attn_out", mixed));
      double[][] up = layers.linear(prefix + "ffn_up", layers.layerNorm(prefix + "ln2", x, EPS));
      x =
          PlainLoops.sum(
              x, layers.linear(prefix + "ffn_down", PlainLoops.map(up, PlainLoops::gelu)));
    }
    return resample(layers.layerNorm("v.post_ln", x, EPS), cols);
  }

  private double[][] patches(Bitmap tile, int cols, int rows) {
    float[] bias = layers.weights("v.patch_embd.bias");
    float[] positions = layers.weights("v.position_embd.weight");
    int width = toy.embeddingLength();
    var out = new double[rows * cols][];
    for (int i = 0; i < out.length; i++) {
      out[i] = layers.patch("v.patch_embd.weight", tile, i / cols, i % cols, toy.patchSize());
      int row = (int) Math.floor(70.0 * (i / cols) / rows);
      int col = (int) Math.floor(70.0 * (i % cols) / cols);
      for (int c = 0; c < width; c++) {
        out[i][c] += bias[c] + positions[(row * 70 + col) * width + c];
      }
    }
    return out;
  }

  private double[][] resample(double[][] x, int cols) {
    double[][] values = layers.layerNorm("resampler.ln_kv", layers.linear("resampler.kv", x), EPS);
    int length = values[0].length;
    int quarter = length / 4;
    var keys = new double[values.length][length];
    for (int i = 0; i < keys.length; i++) {
      for (int c = 0; c < length; c++) {
        double frequency = Math.pow(10_000, -(double) (c % quarter) / quarter);
        int position = c < 2 * quarter ? i % cols : i / cols;
        boolean isSine = c / quarter % 2 == 0;
        double angle = frequency * position;
        keys[i][c] = values[i][c] + (isSine ? Math.sin(angle) : Math.cos(angle));
      }
    }
    float[] weights = layers.weights("resampler.query");
    var queries = new double[toy.queryCount()][length];
    for (int i = 0; i < weights.length; i++) {
      queries[i / length][i % length] = weights[i];
    }
    double[][] asked = layers.layerNorm("resampler.ln_q", queries, EPS);
    double[][] mixed =
        layers.attention(
            layers.linear("resampler.attn.q", asked),
            layers.linear("resampler.attn.k", keys),
            layers.linear("resampler.attn.v", values),
            length / 128,
            (_, _) -> true);
    return layers.linear(
        "resampler.proj",
        layers.layerNorm("resampler.ln_post", layers.linear("resampler.attn.out", mixed), EPS));
  }
}
