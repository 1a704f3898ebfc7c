// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.GraphMemory;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.TestWeights;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What weights take, told before they are compiled.
class WidenedWeightsTest {
  private static final int N = 1000;
  private static final int K = 2048;

  private static Graph product(DType dtype) {
    var g = new GraphBuilder("product");
    Value x = g.input("x", DType.F32, 1, K);
    Value w = g.constant("w", TestWeights.random(dtype, N, K, Seeds.random("widened")));
    return g.output(g.matMul(x, w)).build();
  }

  @Test
  void fourBitWeightsAreSaidToTakeMore() {
    assertEquals(
        Optional.of(
            "Q4_0 weights of 1.2 MB take 4.1 MB in F16, once for each of up to 4 item counts"),
        new WidenedWeights(product(DType.Q4_0), Precision.F16, 4).remark());
    assertEquals(
        Optional.of(
            "Q4_0 weights of 1.2 MB take 2.0 MB in W8A8, once for each of up to 2 item counts"),
        new WidenedWeights(product(DType.Q4_0), Precision.W8A8, 2).remark());
  }

  @Test
  void weightsThatStayAsLongAreNotWorthARemark() {
    assertEquals(
        Optional.empty(), new WidenedWeights(product(DType.F16), Precision.F16, 4).remark());
    assertEquals(
        Optional.empty(), new WidenedWeights(product(DType.Q8_0), Precision.W8A16, 4).remark());
  }

  @Test
  void memoryCountsEveryNetwork() {
    GraphMemory memory = new WidenedWeights(product(DType.Q4_0), Precision.F16, 3).memory(8);
    assertEquals(3L * 2 * N * K, memory.weights().getFirst().bytes());
    assertEquals(2L * 8 * (K + N), memory.scratchBytes(), "what goes in and what comes out");
  }

  @Test
  void weightsThatCpuReadsStayInTheFile() {
    var weights = new WidenedWeights(product(DType.Q2_K), Precision.F16, 3);
    assertEquals(Optional.empty(), weights.remark());
    GraphMemory.Weight weight = weights.memory(8).weights().getFirst();
    assertTrue(weight.isMapped());
    assertEquals(weight.source().byteSize(), weight.bytes());
  }
}
