// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.cpu.CpuBackendProvider;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.GraphMemory;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.Arena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The plan of a graph against what compiling it then holds.
class MemoryEstimateTest {
  private static final int WIDTH = 512;
  private static final int INNER = 2048;

  @ParameterizedTest
  @CsvSource({"Q4_0, 1", "Q4_0, 128", "Q8_0, 1", "Q8_0, 128", "F16, 128", "Q6_K, 4", "BF16, 128"})
  void comesCloseToWhatIsHeld(DType dtype, int itemCountMax) {
    var available = (Availability.Available) new CpuBackendProvider().probe();
    try (Arena arena = Arena.ofShared();
        Backend backend =
            new CpuBackendProvider()
                .open(available.devices().getFirst(), BackendOptions.DEFAULTS)) {
      Graph graph = feedForward(dtype, arena);
      GraphMemory plan = backend.memory(graph, itemCountMax);
      long mapped = 0;
      long held = plan.scratchBytes();
      for (GraphMemory.Weight weight : plan.weights()) {
        mapped += weight.isMapped() ? weight.bytes() : 0;
        held += weight.isMapped() ? 0 : weight.bytes();
      }
      try (CompiledGraph compiled = backend.compile(graph, itemCountMax)) {
        double ratio = (double) held / Math.max(1, compiled.residentBytes());
        boolean isPacked = mapped == 0;
        // Where all is scratch, operands in floats stand for packed ones.
        assertTrue(
            isPacked ? ratio > 0.95 && ratio < 1.1 : ratio > 0.8 && ratio < 1.6,
            "%s of %d items: planned %d, holds %d"
                .formatted(dtype, itemCountMax, held, compiled.residentBytes()));
      }
      long weightBytes = 2L * dtype.bytes(WIDTH) * INNER + dtype.bytes(INNER) * WIDTH;
      assertEquals(mapped == 0 ? 0 : weightBytes, mapped);
    }
  }

  private static Graph feedForward(DType dtype, Arena arena) {
    var builder = new GraphBuilder("ffn");
    Value x = builder.input("x", DType.F32, 1, WIDTH);
    Value gate = builder.matMul(x, weight(builder, "g", dtype, INNER, WIDTH, arena));
    Value up = builder.matMul(x, weight(builder, "u", dtype, INNER, WIDTH, arena));
    Value both = builder.mul(builder.node(new Op.Silu(), gate), up);
    Value down = builder.matMul(both, weight(builder, "d", dtype, WIDTH, INNER, arena));
    return builder.output(down).build();
  }

  private static Value weight(
      GraphBuilder builder, String name, DType dtype, int rows, int cols, Arena arena) {
    return builder.constant(
        name,
        new TensorView(
            dtype, Shape.of(rows, cols), arena.allocate(dtype.bytes((long) rows * cols), 64)));
  }
}
