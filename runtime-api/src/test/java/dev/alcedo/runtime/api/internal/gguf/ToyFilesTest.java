// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.ToyMmproj;
import dev.alcedo.testkit.ToyText;
import dev.alcedo.testkit.ToyVocabulary;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The toy models of the testkit are the files that other modules' tests take for granted.
class ToyFilesTest {
  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F16", "BF16", "Q8_0", "Q4_0"})
  void text_model_has_llama_keys_and_tensors(DType dtype) {
    try (var file = GgufFile.open(ToyText.small(dtype).writeTo(dir.resolve("text.gguf")))) {
      var metadata = file.metadata();
      assertEquals("llama", metadata.architecture());
      int width = metadata.integer("llama.embedding_length", 1, 1 << 20);
      int vocabulary = metadata.integer("llama.vocab_size", 1, 1 << 20);
      assertEquals(64, width);
      assertEquals(vocabulary, metadata.strings("tokenizer.ggml.tokens").size());
      assertEquals(vocabulary, metadata.numbers("tokenizer.ggml.scores").length);
      assertEquals(vocabulary, metadata.integers("tokenizer.ggml.token_type").length);
      assertEquals(dtype, file.tensor("token_embd.weight", vocabulary, width).dtype());
      assertEquals(dtype, file.tensor("output.weight", vocabulary, width).dtype());
      assertEquals(dtype, file.tensor("blk.1.attn_k.weight", 32, width).dtype());
      assertEquals(dtype, file.tensor("blk.1.ffn_down.weight", width, 128).dtype());
      assertEquals(DType.F32, file.tensor("blk.0.attn_norm.weight", width).dtype());
      assertEquals(2 * 9 + 3, file.tensors().size());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F16", "Q8_0", "Q4_0"})
  void mmproj_has_bluelmv_keys_and_tensors(DType dtype) {
    try (var file = GgufFile.open(ToyMmproj.oddGrid(dtype).writeTo(dir.resolve("mmproj.gguf")))) {
      var metadata = file.metadata();
      assertEquals("bluelmv", metadata.string("clip.projector_type"));
      assertTrue(metadata.bool("clip.has_vision_encoder", false));
      assertEquals(24, metadata.integer("clip.vision.image_size", 1, 4096));
      assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f}, metadata.numbers("clip.vision.image_mean"));
      assertArrayEquals(
          new int[] {127, 127, 127}, metadata.integers("clip.vision.bluelmv.pad_color"));
      assertEquals(ToyVocabulary.IMAGE_BEGIN, metadata.string("clip.vision.bluelmv.image_begin"));
      file.tensor("v.patch_embd.weight", 32, 3, 8, 8);
      assertEquals(DType.F32, file.tensor("v.position_embd.weight", 9, 32).dtype());
      assertEquals(dtype, file.tensor("v.blk.1.ffn_down.weight", 32, 64).dtype());
      assertEquals(dtype, file.tensor("mm.model.mlp.1.weight", 64, 128).dtype());
      file.tensor("mm.model.mlp.0.weight", 128);
      file.tensor("mm.model.mlp.3.bias", 64);
      assertEquals(3 + 2 * 16 + 2 + 6, file.tensors().size());
    }
  }
}
