// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.gpu.internal.compile.Features;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.Fill;
import dev.alcedo.testkit.GraphRunner;
import dev.alcedo.testkit.Nmse;
import dev.alcedo.testkit.OpCases;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.TestWeights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Layouts that are tried out in the first run: its results are right, later runs repeat them, and
/// the next process knows the choice.
@ExtendWith(Seeds.class)
class TuningTest {
  private static final int ROWS = 20;

  @TempDir Path kept;

  private final Random random = Seeds.random("tuning");
  private final Value x;
  private final Value y;
  private final Graph graph;

  TuningTest() {
    var g = new GraphBuilder("large");
    x = g.input("x", DType.F32, 1, 1024);
    y = g.matMul(x, g.constant("w", TestWeights.random(DType.Q8_0, 1024, 1024, random)));
    graph = g.output(y).build();
  }

  @Test
  void firstRunIsRightAndChoicesAreKept() throws Exception {
    var options = new BackendOptions(0, Optional.of(kept));
    var inputs = GraphRunner.randomInputs(graph, ROWS, Fill.GAUSSIAN, 0, random);
    float[] truth;
    try (Backend scalar = open(ScalarReference.provider(), BackendOptions.DEFAULTS);
        CompiledGraph compiled = scalar.compile(graph, ROWS)) {
      truth = run(compiled, ROWS, inputs);
    }
    float[] many;
    float[] one;
    try (Backend backend = open(new TestDevice(true, Features.NONE), options);
        CompiledGraph compiled = backend.compile(graph, ROWS)) {
      many = run(compiled, ROWS, inputs);
      Nmse.assertClose("tuned while it runs", truth, many, OpCases.SUMS);
      assertArrayEquals(many, run(compiled, ROWS, inputs), "equal runs are equal");
      one = run(compiled, 1, inputs);
      Nmse.assertClose("one row", Arrays.copyOf(truth, 1024), one, OpCases.SUMS);
      assertArrayEquals(one, run(compiled, 1, inputs), "equal runs are equal");
    }
    long before = files();
    assertTrue(before > 0);
    try (Backend backend = open(new TestDevice(true, Features.NONE), options);
        CompiledGraph compiled = backend.compile(graph, ROWS)) {
      assertArrayEquals(many, run(compiled, ROWS, inputs), "the same choice");
      assertArrayEquals(one, run(compiled, 1, inputs), "the same choice");
    }
    assertEquals(before, files(), "nothing was compiled that was not compiled before");
  }

  private long files() throws Exception {
    try (Stream<Path> all = Files.list(kept)) {
      return all.count();
    }
  }

  private float[] run(CompiledGraph compiled, int items, Map<Value, Object> inputs) {
    return GraphRunner.run(compiled, graph, items, inputs, List.of(), GraphRunner.Memory.HEAP)
        .get(y);
  }

  private static Backend open(BackendProvider provider, BackendOptions options) {
    return switch (provider.probe()) {
      case Availability.Available(var devices) -> provider.open(devices.getFirst(), options);
      case Availability.Unavailable(String reason, _, _) ->
          Assumptions.abort("skipped: no OpenCL device: " + reason);
    };
  }
}
