// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.quantise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.WeightMix;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which tensor gets which type.
class TensorRulesTest {
  private static WeightMix.Type writable(String name) {
    return WeightMix.Type.parse(name, type -> BlockEncoders.known().contains(type.main()));
  }

  private static DType meant(
      WeightMix.Type type, TensorRole role, int block, int blockCount, int cols) {
    return new MixRules(new WeightMix(type, false), blockCount, blockCount, 1)
        .meant(role, block, cols);
  }

  @Test
  void aNameIsFoundInAnyCase() {
    assertEquals(WeightMix.Type.Q8_0, writable("q8_0"));
    assertEquals(WeightMix.Type.Q4_K_M, writable("Q4_k"));
    assertEquals(WeightMix.Type.Q5_K_M, writable("q5_K"));
    for (String name : new String[] {"Q7_0", "Q2_K"}) { // the second is read, but not written
      var e = assertThrows(InvalidRequestException.class, () -> writable(name));
      for (String known : new String[] {"'" + name + "'", "F16", "Q4_K_S", "Q6_K"}) {
        assertTrue(e.getMessage().contains(known), e.getMessage());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Q8_0   | output.weight            | 256 | Q8_0
          Q4_0   | output.weight            | 256 | Q6_K
          Q4_0   | output.weight            | 64  | Q6_K
          Q4_K_M | output.weight            | 64  | Q8_0
          F16    | output.weight            | 256 | F16
          Q4_K_M | blk.0.ffn_down.weight    | 256 | Q4_K
          Q4_K_M | blk.1.ffn_down.weight    | 256 | Q4_K
          Q4_K_M | blk.2.ffn_down.weight    | 256 | Q6_K
          Q4_K_M | blk.3.attn_v.weight      | 256 | Q6_K
          Q4_K_M | blk.2.attn_q.weight      | 256 | Q4_K
          Q4_K_S | blk.3.attn_v.weight      | 256 | Q5_K
          Q4_0   | blk.3.attn_v.weight      | 256 | Q4_0
          """)
  void weightsThatMatterGetMoreBits(WeightMix.Type mix, String name, int cols, DType expected) {
    int block = name.startsWith("blk.") ? name.charAt(4) - '0' : 0;
    assertEquals(expected, meant(mix, TensorRole.of(name, false), block, 4, cols));
  }

  @Test
  void ofManyBlocksTheEndsAndEveryThird() {
    int[] more =
        IntStream.range(0, 32)
            .filter(
                b -> meant(WeightMix.Type.Q5_K_M, TensorRole.FFN_DOWN, b, 32, 256) == DType.Q6_K)
            .toArray();
    assertEquals(
        "[0, 1, 2, 3, 6, 9, 12, 15, 18, 21, 24, 27, 28, 29, 30, 31]",
        java.util.Arrays.toString(more));
  }

  @Test
  void anEmbeddingTableIsTheOutputWhereThereIsNone() {
    assertEquals(TensorRole.OUTPUT, TensorRole.of("token_embd.weight", true));
    assertEquals(TensorRole.OTHER, TensorRole.of("token_embd.weight", false));
    assertEquals(TensorRole.VALUE, TensorRole.of("blk.1.attn_qkv.weight", false));
  }

  @Test
  void onlyLargeMatricesChange() {
    Shape matrix = Shape.of(4, 64);
    assertTrue(TensorRules.allows("blk.0.attn_q.weight", DType.F16, matrix));
    assertTrue(TensorRules.allows("experts.weight", DType.F16, Shape.of(2, 4, 64)));
    assertFalse(TensorRules.allows("blk.0.attn_q.bias", DType.F32, matrix));
    assertFalse(TensorRules.allows("blk.0.attn_norm.weight", DType.F32, Shape.of(64)));
    assertFalse(TensorRules.allows("row.weight", DType.F32, Shape.of(1, 64)));
    assertFalse(TensorRules.allows("v.patch_embd.weight", DType.F32, Shape.of(8, 3, 4, 4)));
    assertFalse(TensorRules.allows("v.position_embd.weight", DType.F32, matrix));
    assertFalse(TensorRules.allows("mm.input_projection.weight", DType.F32, matrix));
    assertFalse(TensorRules.allows("ids.weight", DType.I32, matrix));
  }

  @Test
  void rowsThatDoNotFitGetASmallerBlock() {
    assertEquals(DType.Q4_K, MixRules.fitting(DType.Q4_K, 512));
    assertEquals(DType.Q5_0, MixRules.fitting(DType.Q4_K, 96));
    assertEquals(DType.Q5_1, MixRules.fitting(DType.Q5_K, 96));
    assertEquals(DType.Q8_0, MixRules.fitting(DType.Q6_K, 96));
    assertEquals(DType.F16, MixRules.fitting(DType.Q6_K, 40));
    assertEquals(DType.F16, MixRules.fitting(DType.Q4_0, 40));
  }
}
