// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.gpu.internal.compile.Features;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.BackendContract;
import dev.alcedo.testkit.Fill;
import dev.alcedo.testkit.GraphRunner;
import dev.alcedo.testkit.Nmse;
import dev.alcedo.testkit.OpCase;
import dev.alcedo.testkit.OpCases;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.TestWeights;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every op with every optional feature on, by emulation where the device lacks it: products in 8
/// bits, reductions by subgroups, arithmetic in 16 bits, shared memory.
class EmulatedFeaturesTest extends BackendContract {
  @Override
  protected BackendProvider provider() {
    return new TestDevice(true, Features.EMULATED);
  }

  @Override
  protected BackendProvider referenceProvider() {
    return ScalarReference.provider();
  }

  /// Activations of single rows are rounded to 8 bits. Gaussian ones have a largest of 32 of about
  /// 2.1, so a step of 2.1 / 127 and a variance of a twelfth of its square: 2.3e-5 of the mean
  /// square, times two for the largest of a few hundred cases. Where there are few outputs, all may
  /// be small by cancellation.
  ///
  /// From nine rows on, 16 bits round by half a step, 2^-11 of a number just above a power of two:
  /// on the average a variance of 4.3e-8. Both factors once; sums over 32 once for each product,
  /// 16.5 times that as they grow. 8e-7, times two as above.
  @Override
  protected double tolerance(OpCase opCase) {
    if (opCase.graph().nodes().stream().noneMatch(this::isRounded)) {
      return opCase.tolerance();
    }
    boolean isSmall = opCase.tolerance() > OpCases.SUMS;
    int rows = opCase.itemCount() * opCase.graph().outputs().getFirst().shape().dim(0);
    double rounding = rows == 1 ? 5e-5 : rows < 9 ? 0 : 1.6e-6;
    return Math.max(opCase.tolerance(), isSmall ? Math.min(1e-2, 200 * rounding) : rounding);
  }

  private boolean isRounded(Node node) {
    return node.op() instanceof Op.MatMul && node.inputs().get(1).dtype().isQuantised();
  }

  /// The tolerance above would pass floats, too.
  @ParameterizedTest
  @EnumSource(names = {"Q4_0", "Q8_0"})
  void roundsActivationsOfOneRow(DType dtype) {
    Random random = Seeds.random("rounds" + dtype);
    var g = new GraphBuilder("rounds");
    Value x = g.input("x", DType.F32, 1, 512);
    Value y = g.matMul(x, g.constant("w", TestWeights.random(dtype, 96, 512, random)));
    Graph graph = g.output(y).build();
    var inputs = GraphRunner.randomInputs(graph, 1, Fill.GAUSSIAN, 0, random);
    float[] floats = run(graph, inputs, Features.NONE).get(y);
    float[] rounded = run(graph, inputs, Features.EMULATED).get(y);
    double error = Nmse.of(floats, rounded);
    assertTrue(error > 1e-6 && error < 5e-5, "NMSE " + error);
  }

  private static Map<Value, float[]> run(
      Graph graph, Map<Value, Object> inputs, Features features) {
    var provider = new TestDevice(true, features);
    Availability availability = provider.probe();
    Assumptions.assumeTrue(availability instanceof Availability.Available, "no OpenCL device");
    DeviceInfo device = ((Availability.Available) availability).devices().getFirst();
    try (Backend backend = provider.open(device, BackendOptions.DEFAULTS);
        CompiledGraph compiled = backend.compile(graph, 1)) {
      return GraphRunner.run(compiled, graph, 1, inputs, List.of(), GraphRunner.Memory.HEAP);
    }
  }
}
