// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.testkit.ToyClip;
import dev.alcedo.testkit.ToyClip.Trait;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The encoders for [ToyClip]'s files once more, as plain loops in double precision without graphs
/// and backends.
final class ReferenceClip {
  private static final double EPSILON = 1e-5;
  private static final double[] MEAN = {0.5, 0.4f, 0.3f};
  private static final double[] STD = {0.5, 0.25, 0.2f};
  private static final int PATCH_SIZE = 8;
  private static final int SIDE = ToyClip.IMAGE_SIZE / PATCH_SIZE;
  private static final int WIDTH = ToyClip.WIDTH;

  private final ToyClip toy;
  private final PlainLoops loops;

  ReferenceClip(ModelFile file, ToyClip toy) {
    this.toy = toy;
    loops = new PlainLoops(file);
  }

  /// Image tokens of one tile.
  ///
  /// @param layers whose outputs are the features
  double[][] encode(Bitmap tile, int... layers) {
    double[][] x = rows(tile);
    if (toy.has(Trait.PRE_NORM)) {
      x = loops.layerNorm("v.pre_ln", x, EPSILON);
    }
    List<double[][]> outputs = new ArrayList<>();
    outputs.add(x);
    for (int i = 0; i < ToyClip.BLOCK_COUNT; i++) {
      x = block("v.blk.%d.".formatted(i), x);
      outputs.add(x);
    }
    int last = Arrays.stream(layers).max().orElseThrow();
    if (toy.has(Trait.POST_NORM)) {
      outputs.set(last, loops.layerNorm("v.post_ln", outputs.get(last), EPSILON));
    }
    double[][] features = new double[outputs.getFirst().length][0];
    for (int layer : layers) {
      features = beside(features, outputs.get(layer));
    }
    return project(withoutClass(features));
  }

  private double[][] rows(Bitmap tile) {
    double[][] patches = patches(tile);
    List<double[]> rows = new ArrayList<>(List.of(patches));
    if (toy.has(Trait.CLASS)) {
      float[] token = loops.weights("v.class_embd");
      double[] row = new double[WIDTH];
      for (int c = 0; c < WIDTH; c++) {
        row[c] = token[c];
      }
      rows.add(row);
    }
    float[] positions = loops.weights("v.position_embd.weight");
    for (int i = 0; i < rows.size(); i++) {
      for (int c = 0; c < WIDTH; c++) {
        rows.get(i)[c] += positions[i * WIDTH + c];
      }
    }
    return rows.toArray(double[][]::new);
  }

  private double[][] patches(Bitmap tile) {
    float[] kernels = loops.weights("v.patch_embd.weight");
    float[] bias =
        toy.has(Trait.PATCH_BIAS) ? loops.weights("v.patch_embd.bias") : new float[WIDTH];
    var out = new double[SIDE * SIDE][WIDTH];
    for (int patch = 0; patch < out.length; patch++) {
      for (int c = 0; c < WIDTH; c++) {
        out[patch][c] = bias[c];
        for (int i = 0; i < 3 * PATCH_SIZE * PATCH_SIZE; i++) {
          int channel = i / (PATCH_SIZE * PATCH_SIZE);
          int y = patch / SIDE * PATCH_SIZE + i / PATCH_SIZE % PATCH_SIZE;
          int x = patch % SIDE * PATCH_SIZE + i % PATCH_SIZE;
          int pixel = tile.rgb()[(y * tile.width() + x) * 3 + channel] & 255;
          out[patch][c] +=
              kernels[c * 3 * PATCH_SIZE * PATCH_SIZE + i]
                  * ((pixel / 255.0 - MEAN[channel]) / STD[channel]);
        }
      }
    }
    return out;
  }

  private double[][] block(String prefix, double[][] x) {
    double[][] normed = loops.layerNorm(prefix + "ln1", x, EPSILON);
    double[][] qkv =
        toy.has(Trait.FUSED_QKV)
            ? loops.linear(prefix + "attn_qkv", normed)
            : beside(
                beside(
                    loops.linear(prefix + "attn_q", normed),
                    loops.linear(prefix + "attn_k", normed)),
                loops.linear(prefix + "attn_v", normed));
    double[][] q = PlainLoops.cols(qkv, 0, WIDTH);
    double[][] k = PlainLoops.cols(qkv, WIDTH, WIDTH);
    if (toy.has(Trait.QK_NORM)) {
      q = loops.layerNorm(prefix + "attn_q_norm", q, EPSILON);
      k = loops.layerNorm(prefix + "attn_k_norm", k, EPSILON);
    }
    double[][] v = PlainLoops.cols(qkv, 2 * WIDTH, WIDTH);
    double[][] mixed = loops.attention(q, k, v, ToyClip.HEAD_COUNT);
    double[][] attended =
        PlainLoops.sum(
            x, loops.scaled(prefix + "ls1.weight", loops.linear(prefix + "attn_out", mixed)));
    String up = toy.has(Trait.SWAPPED) ? "ffn_down" : "ffn_up";
    String down = toy.has(Trait.SWAPPED) ? "ffn_up" : "ffn_down";
    double[][] raised =
        loops.linear(prefix + up, loops.layerNorm(prefix + "ln2", attended, EPSILON));
    double[][] active =
        PlainLoops.map(raised, toy.has(Trait.QUICK) ? PlainLoops::quickGelu : PlainLoops::gelu);
    return PlainLoops.sum(
        attended, loops.scaled(prefix + "ls2.weight", loops.linear(prefix + down, active)));
  }

  /// The class token stands last; LLaVA's features are all rows but the first, see ADR 10.
  private double[][] withoutClass(double[][] x) {
    if (!toy.has(Trait.CLASS)) {
      return x;
    }
    return toy.projector().equals("mlp")
        ? Arrays.copyOfRange(x, 1, x.length)
        : Arrays.copyOf(x, x.length - 1);
  }

  private double[][] project(double[][] x) {
    return switch (toy.projector()) {
      case "mlp" -> {
        double[][] hidden = loops.linear("mm.0", x);
        if (toy.has(Trait.YI)) {
          double[][] active =
              PlainLoops.map(loops.layerNorm("mm.1", hidden, EPSILON), PlainLoops::gelu);
          yield loops.layerNorm("mm.4", loops.linear("mm.3", active), EPSILON);
        }
        yield loops.linear("mm.2", PlainLoops.map(hidden, PlainLoops::gelu));
      }
      case "idefics3" -> loops.linear("mm.model.fc", squares(x));
      case "internvl" -> {
        double[][] normed = loops.layerNorm("mm.model.mlp.0", squares(x), EPSILON);
        double[][] hidden =
            PlainLoops.map(loops.linear("mm.model.mlp.1", normed), PlainLoops::gelu);
        yield loops.linear("mm.model.mlp.3", hidden);
      }
      default -> transposed(loops.rmsNorm("mm.soft_emb_norm", means(x), EPSILON));
    };
  }

  /// 2 x 2 patches side by side: upper left, upper right, lower left, lower right.
  private static double[][] squares(double[][] x) {
    int joined = SIDE / 2;
    var out = new double[joined * joined][4 * WIDTH];
    for (int i = 0; i < out.length; i++) {
      for (int part = 0; part < 4; part++) {
        int row = i / joined * 2 + part / 2;
        int col = i % joined * 2 + part % 2;
        System.arraycopy(x[row * SIDE + col], 0, out[i], part * WIDTH, WIDTH);
      }
    }
    return out;
  }

  private static double[][] means(double[][] x) {
    double[][] squares = squares(x);
    var out = new double[squares.length][WIDTH];
    for (int i = 0; i < out.length; i++) {
      for (int c = 0; c < 4 * WIDTH; c++) {
        out[i][c % WIDTH] += squares[i][c] / 4;
      }
    }
    return out;
  }

  /// Times Gemma 3's matrix, which lies the other way round.
  private double[][] transposed(double[][] x) {
    float[] matrix = loops.weights("mm.input_projection.weight");
    var out = new double[x.length][ToyClip.PROJECTION_DIM];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < out[i].length; j++) {
        for (int k = 0; k < WIDTH; k++) {
          out[i][j] += x[i][k] * matrix[k * out[i].length + j];
        }
      }
    }
    return out;
  }

  private static double[][] beside(double[][] a, double[][] b) {
    var out = new double[a.length][];
    for (int i = 0; i < a.length; i++) {
      out[i] = Arrays.copyOf(a[i], a[i].length + b[i].length);
      System.arraycopy(b[i], 0, out[i], a[i].length, b[i].length);
    }
    return out;
  }
}
