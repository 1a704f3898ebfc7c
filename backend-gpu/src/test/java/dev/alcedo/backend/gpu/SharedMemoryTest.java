// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.backend.gpu.internal.compile.Features;
import dev.alcedo.backend.gpu.internal.compile.Use;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.testkit.Fill;
import dev.alcedo.testkit.GraphRunner;
import dev.alcedo.testkit.Nmse;
import dev.alcedo.testkit.OpCases;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.TestWeights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Weights in the host's memory, as a mapped file has them: used where they are if their place and
/// length allow, copied elsewhere, and the same product either way.
@ExtendWith(Seeds.class)
class SharedMemoryTest {
  private static final Features SHARED =
      new Features(Use.OFF, Use.OFF, Use.OFF, true, Features.NONE.language());

  @ParameterizedTest
  @CsvSource({
    "F32, 64, 0, true",
    "F16, 64, 0, true",
    "BF16, 64, 32, true",
    "F16, 64, 16, false",
    "F16, 60, 0, false",
    "Q8_0, 64, 0, false"
  })
  void productsAreTheSame(DType dtype, int cols, int offset, boolean isInPlace) {
    Random random = Seeds.random("shared" + dtype);
    try (Arena arena = Arena.ofConfined()) {
      TensorView heap = TestWeights.random(dtype, 24, cols, random);
      MemorySegment file = arena.allocate(offset + heap.data().byteSize(), 64).asSlice(offset);
      TensorView weights = new TensorView(dtype, heap.shape(), file.copyFrom(heap.data()));
      var g = new GraphBuilder("shared");
      Value x = g.input("x", DType.F32, 1, cols);
      Value y = g.matMul(x, g.constant("w", weights));
      Graph graph = g.output(y).build();
      var inputs = GraphRunner.randomInputs(graph, 12, Fill.GAUSSIAN, 0, random);
      float[] truth;
      try (Backend scalar = open(ScalarReference.provider());
          CompiledGraph compiled = scalar.compile(graph, 12)) {
        truth = run(compiled, graph, inputs).get(y);
      }
      try (Backend backend = open(new TestDevice(false, SHARED));
          CompiledGraph compiled = backend.compile(graph, 12)) {
        Nmse.assertClose("product", truth, run(compiled, graph, inputs).get(y), OpCases.SUMS);
        // A device that shares memory reads what the host has written since; others copy.
        boolean isShared =
            PoclBackendTest.anyDevice().probe() instanceof Availability.Available(var devices)
                && devices.getFirst().features().toString().contains("shared memory");
        file.fill((byte) 0);
        float[] after = run(compiled, graph, inputs).get(y);
        assertEquals(isInPlace && isShared, after[0] == 0, "weights in place");
      }
    }
  }

  private static Map<Value, float[]> run(
      CompiledGraph compiled, Graph graph, Map<Value, Object> inputs) {
    return GraphRunner.run(compiled, graph, 12, inputs, List.of(), GraphRunner.Memory.HEAP);
  }

  private static Backend open(BackendProvider provider) {
    return switch (provider.probe()) {
      case Availability.Available(var devices) ->
          provider.open(devices.getFirst(), BackendOptions.DEFAULTS);
      case Availability.Unavailable(String reason, _, _) ->
          Assumptions.abort("skipped: no OpenCL device: " + reason);
    };
  }
}
