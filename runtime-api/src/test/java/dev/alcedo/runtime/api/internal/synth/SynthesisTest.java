// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.synth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.SyntheticModel;
import dev.alcedo.runtime.api.SyntheticModel.TextShape;
import dev.alcedo.runtime.api.SyntheticModel.VisionShape;
import dev.alcedo.runtime.api.WeightMix;
import dev.alcedo.runtime.api.internal.family.TextFamilies;
import dev.alcedo.runtime.api.internal.gguf.GgufFile;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Synthetic files are files of the family, the same each time, of weights around zero.
class SynthesisTest {
  private static final TextShape SMALL =
      new TextShape("llama", 128, 256, 3, 512, 4, 2, 64, 1100, 10_000, false);
  private static final TextShape GEMMA =
      new TextShape("gemma3", 128, 256, 3, 512, 4, 2, 64, 1100, 1_000_000, true);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(WeightMix.Type.class)
  void filesOfEveryTypeAreModelsOfTheirFamily(WeightMix.Type type) {
    Path file = write(SMALL, new WeightMix(type, false), 1);
    try (GgufFile gguf = GgufFile.open(file)) {
      assertEquals(1100, TextFamilies.read(gguf, 0).vocabSize());
      assertEquals(type.fileType(), gguf.metadata().integer("general.file_type", 0, 100));
      TensorView up = gguf.tensors().get("blk.1.ffn_up.weight");
      assertEquals(type.main(), up.dtype());
      assertEquals(512, up.shape().dim(0));
    }
  }

  @Test
  void gemmaHasItsNormsAndNoOutputMatrix() {
    try (GgufFile gguf = GgufFile.open(write(GEMMA, WeightMix.parse("Q8_0", false), 1))) {
      assertEquals("gemma3", TextFamilies.read(gguf, 0).config().architecture());
      assertTrue(gguf.tensors().containsKey("blk.2.post_ffw_norm.weight"));
      assertFalse(gguf.tensors().containsKey("output.weight"));
    }
  }

  @Test
  void equalSeedsGiveEqualFilesAndOthersDoNot() throws Exception {
    WeightMix mix = WeightMix.parse("Q4_K_M", false);
    byte[] first = Files.readAllBytes(write(SMALL, mix, 7));
    byte[] second = Files.readAllBytes(write(SMALL, mix, 7));
    byte[] other = Files.readAllBytes(write(SMALL, mix, 8));
    assertArrayEquals(first, second);
    assertEquals(first.length, other.length);
    assertFalse(java.util.Arrays.equals(first, other));
  }

  @Test
  void halvesAreNormalAroundZeroWithTheirRowsScaled() {
    try (GgufFile gguf = GgufFile.open(write(SMALL, WeightMix.parse("F16", false), 3))) {
      TensorView up = gguf.tensors().get("blk.0.ffn_up.weight");
      int count = (int) up.shape().elementCount();
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < count; i++) {
        double w = Float.float16ToFloat(up.data().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i));
        sum += w;
        squares += w * w;
      }
      // Gain 0.8 over rows of 256; 131072 draws.
      assertEquals(0, sum / count, 0.0005);
      assertEquals(0.8 / 16, Math.sqrt(squares / count), 0.001);
    }
  }

  @Test
  void blocksOfQ80HaveBothSignsAndNeverTheLowestByte() {
    try (GgufFile gguf = GgufFile.open(write(SMALL, WeightMix.parse("Q8_0", false), 3))) {
      TensorView up = gguf.tensors().get("blk.0.ffn_up.weight");
      var data = up.data();
      int negativeScales = 0;
      int blocks = (int) (up.shape().elementCount() / 32);
      for (int block = 0; block < blocks; block++) {
        long at = 34L * block;
        float scale = Float.float16ToFloat(data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
        negativeScales += scale < 0 ? 1 : 0;
        // Bytes of root mean square 73.9 make 0.8 / 16, give or take a quarter.
        assertEquals(0.05 / 73.9, Math.abs(scale), 0.05 / 73.9 * 0.26);
        for (int i = 0; i < 32; i++) {
          assertTrue(data.get(ValueLayout.JAVA_BYTE, at + 2 + i) > -128);
        }
      }
      assertEquals(0.5, (double) negativeScales / blocks, 0.05);
    }
  }

  @Test
  void allTokensOfWordsCanBeReachedByText() {
    Path file = write(SMALL, WeightMix.parse("Q4_0", false), 1);
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS)) {
      Tokenizer tokenizer = alcedo.tokenizer(file);
      assertEquals(1100, tokenizer.vocabSize());
      int reached = 0;
      for (int id = 0; id < tokenizer.vocabSize(); id++) {
        String piece = tokenizer.piece(id);
        if (piece.matches("\u2581[a-z]+")) {
          int[] ids = tokenizer.encode(piece.substring(1), false, TextTrust.NONE);
          assertArrayEquals(new int[] {id}, ids, piece);
          reached++;
        }
      }
      assertTrue(reached > 300, "words: " + reached);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bluelmv", "idefics3", "gemma3"})
  void towersHaveTheirProjectorsTensors(String projector) {
    var shape = new VisionShape(projector, 56, 14, 64, 2, 112, 4, 2, 256);
    Path file = folder.resolve("mmproj.gguf");
    Synthesis.write(
        new SyntheticModel.Mmproj("m", shape, WeightMix.parse("Q8_0", false), 1),
        file,
        Progress.NONE);
    try (GgufFile gguf = GgufFile.open(file)) {
      assertEquals(projector, gguf.metadata().string("clip.projector_type"));
      String last =
          switch (projector) {
            case "bluelmv" -> "mm.model.mlp.3.weight";
            case "idefics3" -> "mm.model.fc.weight";
            default -> "mm.input_projection.weight";
          };
      assertTrue(gguf.tensors().containsKey(last), last);
      assertEquals(DType.Q8_0, gguf.tensors().get("v.blk.1.ffn_up.weight").dtype());
      assertEquals(DType.F16, gguf.tensors().get("v.blk.1.ffn_down.weight").dtype(), "rows of 112");
      assertEquals(16, gguf.tensors().get("v.position_embd.weight").shape().dim(0));
    }
  }

  @Test
  void progressCountsEveryByteOnce() {
    var reports = new ArrayList<long[]>();
    Synthesis.write(
        new SyntheticModel.Text("t", SMALL, WeightMix.parse("F32", false), 1),
        folder.resolve("t.gguf"),
        (step, done, total) -> {
          assertEquals("write", step);
          reports.add(new long[] {done, total});
        });
    assertEquals(0, reports.getFirst()[0]);
    assertEquals(reports.getLast()[1], reports.getLast()[0]);
  }

  @Test
  void shapesThatCannotBeAreRefusedByName() {
    var e =
        assertThrows(
            InvalidRequestException.class,
            () -> new TextShape("llama", 128, 256, 3, 512, 4, 3, 64, 1100, 10_000, false));
    assertTrue(e.getMessage().contains("headCountKv"), e.getMessage());
    var v =
        assertThrows(
            InvalidRequestException.class,
            () -> new VisionShape("idefics3", 42, 14, 64, 2, 128, 4, 2, 256));
    assertTrue(v.getMessage().contains("scaleFactor"), v.getMessage());
  }

  private Path write(TextShape shape, WeightMix mix, long seed) {
    Path file = folder.resolve("%s-%d-%s.gguf".formatted(mix.type(), seed, shape.architecture()));
    Synthesis.write(new SyntheticModel.Text("t", shape, mix, seed), file, Progress.NONE);
    return file;
  }
}
