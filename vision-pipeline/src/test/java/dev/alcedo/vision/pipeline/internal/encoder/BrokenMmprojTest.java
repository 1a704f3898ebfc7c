// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.internal.gguf.GgufFile;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.testkit.ToyMmproj;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that are no mmproj, another model's, or broken: one clear line each.
class BrokenMmprojTest {
  private final BluelmvEncoderProvider provider = new BluelmvEncoderProvider();
  private final ToyMmproj toy = ToyMmproj.small(DType.F32);

  @TempDir Path folder;
  private ModelFile file;

  @BeforeEach
  void open() {
    file = GgufFile.open(toy.writeTo(folder.resolve("toy.gguf")));
  }

  @AfterEach
  void close() {
    file.close();
  }

  @Test
  void supportsItsOwnProjector() {
    assertTrue(provider.supports(file.metadata()).isSupported());
  }

  @Test
  void namesTheProjectorsThatAreKnown() {
    var other = new EditedFile(file).with("clip.projector_type", "resampler");
    assertUnsupported(
        other.metadata(), "projector 'resampler'; known: bluelmv, gemma3, idefics3, internvl, mlp");
    assertFails(UnsupportedModelException.class, other, 64, "projector 'resampler'");
  }

  @Test
  void knowsATextModel() {
    var text = new Metadata("text.gguf", Map.of("general.architecture", "llama"));
    assertUnsupported(text, "general.architecture is 'llama'");
    assertUnsupported(new Metadata("empty.gguf", Map.of()), "is this a text model?");
    assertUnsupported(
        new Metadata("odd.gguf", Map.of("clip.projector_type", 7L)), "expected a string");
  }

  @Test
  void saysWhenTheFilesBelongToDifferentModels() {
    assertFails(
        UnsupportedModelException.class, new EditedFile(file), 96, "belongs to another model");
  }

  @Test
  void namesMissingTensors() {
    for (String name :
        List.of(
            "v.patch_embd.weight",
            "v.position_embd.weight",
            "v.blk.1.ln2.bias",
            "v.blk.0.attn_k.weight",
            "v.post_ln.weight",
            "mm.model.mlp.0.weight",
            "mm.model.mlp.3.weight")) {
      assertFails(
          ModelFormatException.class,
          new EditedFile(file).without(name),
          64,
          "tensor '%s' is missing".formatted(name));
    }
  }

  @Test
  void namesTensorsThatDoNotFit() {
    TensorView small = TensorView.ofFloats(new float[32], 32);
    for (String name :
        List.of(
            "v.patch_embd.weight",
            "v.position_embd.weight",
            "v.blk.0.ffn_up.weight",
            "v.blk.0.ffn_up.bias",
            "mm.model.mlp.1.weight")) {
      assertFails(
          ModelFormatException.class,
          new EditedFile(file).with(name, small),
          64,
          "tensor '%s': expected shape".formatted(name));
    }
    TensorView half = new TensorView(DType.F16, small.shape(), small.data().asSlice(0, 64));
    assertFails(
        ModelFormatException.class,
        new EditedFile(file).with("v.post_ln.bias", half),
        64,
        "expected F32, got F16");
  }

  @Test
  void namesKeysOutOfRange() {
    Map<String, Object> wrong =
        Map.ofEntries(
            Map.entry("clip.vision.image_size", 0L),
            Map.entry("clip.vision.patch_size", 33L),
            Map.entry("clip.vision.embedding_length", 1L << 40),
            Map.entry("clip.vision.block_count", 0L),
            Map.entry("clip.vision.attention.head_count", 3L),
            Map.entry("clip.vision.attention.layer_norm_epsilon", 0.0),
            Map.entry("clip.vision.image_mean", new double[] {0.5}),
            Map.entry("clip.vision.image_std", new double[] {0.5, 0, 0.5}),
            Map.entry("clip.vision.projector.scale_factor", 17L),
            Map.entry("clip.vision.bluelmv.grid_cols_max", 17L),
            Map.entry("clip.vision.bluelmv.aspect_alpha", 2.0),
            Map.entry("clip.vision.bluelmv.pad_color", new long[] {1, 2, 256}),
            Map.entry("clip.vision.bluelmv.image_begin", true));
    wrong.forEach((key, value) ->
        assertFails(ModelFormatException.class, new EditedFile(file).with(key, value), 64, key));
  }

  @Test
  void requiresTheTowersKeys() {
    for (String key :
        List.of(
            "clip.vision.image_size",
            "clip.vision.block_count",
            "clip.vision.image_mean",
            "clip.vision.projection_dim")) {
      assertFails(ModelFormatException.class, new EditedFile(file).without(key), 64, key);
    }
  }

  private void assertUnsupported(Metadata mmproj, String expected) {
    Support support = provider.supports(mmproj);
    String why = assertInstanceOf(Support.Unsupported.class, support).why();
    assertTrue(why.contains(expected), why);
  }

  private void assertFails(
      Class<? extends VlmException> kind, ModelFile mmproj, int embeddingLength, String expected) {
    var context = new TestContext(mmproj, embeddingLength, ImageOptions.DEFAULTS);
    String message = assertThrows(kind, () -> provider.open(context).close()).getMessage();
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains("edited.gguf"), message);
    assertEquals(1, message.lines().count(), message);
  }
}
