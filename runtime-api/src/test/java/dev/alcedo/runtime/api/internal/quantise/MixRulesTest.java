// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.quantise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.WeightMix;
import dev.alcedo.runtime.api.tensor.DType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Dtypes are those that llama-quantize gives; see the head of the golden file.
class MixRulesTest {
  private static final Path GOLDEN =
      Path.of("src", "test", "resources", "quantise", "llama-quantize.tsv");

  private record Shape(int width, int feedForward, int blockCount, int headsPerKv, boolean isTied) {
    static Shape of(String letter) {
      return switch (letter) {
        case "a" -> new Shape(256, 512, 16, 4, false);
        case "b" -> new Shape(256, 768, 22, 2, false);
        case "c" -> new Shape(192, 512, 9, 2, true);
        default -> throw new IllegalArgumentException(letter);
      };
    }

    MixRules rules(WeightMix mix) {
      return new MixRules(mix, blockCount, blockCount, headsPerKv);
    }
  }

  @Test
  void everyMatrixGetsWhatLlamaQuantizeGivesIt() throws Exception {
    List<String> lines =
        Files.readAllLines(GOLDEN).stream().filter(line -> !line.startsWith("#")).toList();
    assertTrue(lines.size() > 300, "lines read: " + lines.size());
    for (String line : lines) {
      String[] fields = line.split("\t");
      Shape shape = Shape.of(fields[0]);
      MixRules rules = shape.rules(WeightMix.parse(fields[1], false));
      assertEquals(expected(fields[3], fields[2], shape), actual(rules, fields[2], shape), line);
    }
  }

  private static List<String> expected(String dtypes, String role, Shape shape) {
    List<String> listed = List.of(dtypes.split(" "));
    boolean isRepeated = listed.size() == 1 && !isEnd(role);
    return isRepeated ? Collections.nCopies(shape.blockCount(), listed.getFirst()) : listed;
  }

  private static List<String> actual(MixRules rules, String role, Shape shape) {
    if (isEnd(role)) {
      return List.of(dtype(rules, role + ".weight", shape.isTied(), 0, shape.width()).name());
    }
    int cols =
        switch (role) {
          case "ffn_down" -> shape.feedForward();
          case "attn_output" -> 256; // four heads of 64
          default -> shape.width();
        };
    return java.util.stream.IntStream.range(0, shape.blockCount())
        .mapToObj(block -> dtype(rules, role + ".weight", shape.isTied(), block, cols).name())
        .toList();
  }

  private static DType dtype(MixRules rules, String name, boolean isTied, int block, int cols) {
    return MixRules.fitting(rules.meant(TensorRole.of(name, isTied), block, cols), cols);
  }

  private static boolean isEnd(String role) {
    return role.equals("token_embd") || role.equals("output");
  }

  @Test
  void pureMixesRaiseNothing() {
    MixRules rules = Shape.of("a").rules(WeightMix.parse("q4_k_m", true));
    assertEquals(DType.Q4_K, rules.meant(TensorRole.OUTPUT, 0, 256));
    assertEquals(DType.Q4_K, rules.meant(TensorRole.FFN_DOWN, 0, 512));
  }

  @Test
  void rowsThatNoBlockFitsAreF16() {
    assertEquals(DType.F16, MixRules.fitting(DType.Q8_0, 4304));
    assertEquals(DType.F16, MixRules.fitting(DType.Q6_K, 4304));
    assertEquals(DType.Q8_0, MixRules.fitting(DType.Q6_K, 1152));
  }

  @Test
  void shortNamesAreTheMediumMixesAndUnknownOnesAreRefused() {
    assertEquals(WeightMix.Type.Q4_K_M, WeightMix.parse("Q4_K", false).type());
    var e = assertThrows(InvalidRequestException.class, () -> WeightMix.parse("Q9_9", false));
    assertTrue(e.getMessage().contains("Q4_K_M") && e.getMessage().contains("'Q9_9'"));
  }
}
