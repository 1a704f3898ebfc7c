// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.TestGguf;
import dev.alcedo.testkit.ToyText;
import java.nio.file.Path;
import java.util.Random;

/// A one-block model whose embedding and output tables have 32 rows more than there are tokens, as
/// tables padded for fast kernels do; the padding's logits are the largest.
final class PaddedToy {
  private static final int WIDTH = 32;
  private static final int PADDING = 32;

  private final TestGguf gguf = new TestGguf();
  private final Random random = Seeds.random("padded toy");

  private PaddedToy() {}

  static ModelOptions write(Path file) {
    var toy = new PaddedToy();
    toy.metadata();
    toy.tensors(ToyText.vocabulary().size());
    return ModelOptions.of(toy.gguf.write().writeTo(file)).withBackend("cpu-scalar");
  }

  private void metadata() {
    gguf.string("general.architecture", "llama")
        .u32("llama.context_length", 128)
        .u32("llama.embedding_length", WIDTH)
        .u32("llama.block_count", 1)
        .u32("llama.feed_forward_length", WIDTH)
        .u32("llama.attention.head_count", 2);
    ToyText.vocabulary().addTo(gguf);
  }

  private void tensors(int size) {
    tensor("token_embd.weight", 1, size + PADDING, WIDTH);
    tensor("output_norm.weight", 1, WIDTH);
    for (String norm : new String[] {"attn_norm", "ffn_norm"}) {
      tensor("blk.0.%s.weight".formatted(norm), 1, WIDTH);
    }
    for (String role : "attn_q attn_k attn_v attn_output ffn_gate ffn_up ffn_down".split(" ")) {
      tensor("blk.0.%s.weight".formatted(role), 0.2f, WIDTH, WIDTH);
    }
    float[] output = normal((size + PADDING) * WIDTH, 0.5f);
    for (int i = size * WIDTH; i < output.length; i++) {
      output[i] *= 100;
    }
    gguf.tensor("output.weight", DType.F32, output, size + PADDING, WIDTH);
  }

  private void tensor(String name, float deviation, int... dims) {
    int count = 1;
    for (int dim : dims) {
      count *= dim;
    }
    gguf.tensor(name, DType.F32, normal(count, deviation), dims);
  }

  private float[] normal(int count, float deviation) {
    var out = new float[count];
    for (int i = 0; i < count; i++) {
      out[i] = (float) random.nextGaussian() * deviation;
    }
    return out;
  }
}
