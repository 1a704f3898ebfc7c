// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.apu.internal.lower.Precision;
import dev.alcedo.backend.apu.internal.run.Tuning;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.testkit.BackendContract;
import dev.alcedo.testkit.Fill;
import dev.alcedo.testkit.GraphRunner;
import dev.alcedo.testkit.Nmse;
import dev.alcedo.testkit.OpCase;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.TestWeights;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Products in 8 bits, calibrated by the first rows that run.
///
/// A range of `r` has steps of `r / 255`, which are off by `r / 255 / sqrt(12)` on average. Normal
/// numbers with 25 % of headroom span 2 * 1.25 * 4 of their deviations: 1.3e-4 squared, for operand
/// and result alike; weights add 8e-5 (see [SimulatedW8A16Test]): 3.4e-4 together. Ranges of few
/// numbers are narrower, and cut more off.
class SimulatedW8A8Test extends BackendContract {
  private static final double PRODUCT = 1e-3;
  private static final DeviceInfo DEVICE = new DeviceInfo("0", "simulated", "", 0, List.of());

  private final Simulator simulator = Simulator.load();
  private final SimulatedW8A16Test weightsOnly = new SimulatedW8A16Test();

  @AfterAll
  void clean() {
    simulator.assertNoViolation();
  }

  /// Random graphs have 4 rows in an item and run 3, 7 and 1: the last run calibrates and is done
  /// again in 8 bits.
  @Override
  protected BackendProvider provider() {
    return calibratedBy(44);
  }

  private BackendProvider calibratedBy(int rows) {
    return new SimulatedDevice(simulator, SimulatedDevice.MDLA, tuning(rows));
  }

  private static Tuning tuning(int calibrationRows) {
    return Tuning.DEFAULTS.withPrecision(Precision.W8A8).withCalibrationRows(calibrationRows);
  }

  @Override
  protected BackendProvider referenceProvider() {
    return ScalarReference.provider();
  }

  /// A product alone is the graph's result, which is not rounded to 8 bits.
  @Override
  protected double tolerance(OpCase opCase) {
    return weightsOnly.tolerance(opCase);
  }

  @Override
  protected Optional<String> exemption(OpCase opCase) {
    return weightsOnly.exemption(opCase);
  }

  /// Random graphs have several products in a row, on ranges of few numbers.
  @Override
  protected double loosened(double tolerance) {
    return 1e-2;
  }

  @ParameterizedTest
  @CsvSource({
    "F32, 64, 48, false",
    "F16, 207, 13, true",
    "Q8_0, 1056, 64, true",
    "Q4_0, 4096, 33, false",
    "Q4_K, 768, 12, true"
  })
  void productsWithinAGraphAreInBytes(DType dtype, int k, int n, boolean hasBias) {
    Graph graph = product(dtype, k, n, hasBias);
    Map<Value, Object> inputs = inputs(graph, 33);
    float[] expected = run(ScalarReference.provider(), graph, inputs);
    float[] weightsInBytes =
        run(SimulatedDevice.of(simulator, SimulatedDevice.MDLA, Precision.W8A16), graph, inputs);
    float[] allInBytes = run(calibratedBy(1), graph, inputs);
    Nmse.assertClose("product in 8 bits", expected, allInBytes, PRODUCT);
    assertTrue(
        Nmse.of(expected, allInBytes) > 1.5 * Nmse.of(expected, weightsInBytes),
        "activations were not rounded");
  }

  @Test
  void activationsStayInF16UntilEnoughRowsAreSeen() {
    Graph graph = product(DType.F32, 64, 48, true);
    float[] weightsInBytes =
        run(
            SimulatedDevice.of(simulator, SimulatedDevice.MDLA, Precision.W8A16),
            graph,
            inputs(graph, 33));
    try (Backend backend = calibratedBy(40).open(DEVICE, BackendOptions.DEFAULTS);
        CompiledGraph compiled = backend.compile(graph, 33)) {
      float[] first = run(compiled, graph, inputs(graph, 33));
      float[] second = run(compiled, graph, inputs(graph, 33));
      assertTrue(Nmse.of(weightsInBytes, first) == 0, "33 of 40 rows: activations in F16");
      assertTrue(Nmse.of(weightsInBytes, second) > 1e-5, "66 rows: activations in 8 bits");
    }
  }

  @Test
  void aBiasMuchLargerThanTheProductIsKept() {
    var g = new GraphBuilder("bias");
    Value x = g.input("x", DType.F32, 1, 4);
    Value w = g.constant("w", TensorView.ofFloats(new float[] {1e-9f, 0, 0, 0, 1, 1, 1, 1}, 2, 4));
    Value bias = g.constant("b", TensorView.ofFloats(new float[] {30, -1}, 2));
    Graph graph = g.output(g.scale(g.matMul(x, w, Optional.of(bias)), 1)).build();
    Map<Value, Object> inputs = Map.of(x, new float[] {1, -1, 0.5f, 0.25f});
    float[] y = run(calibratedBy(1), graph, inputs);
    Nmse.assertClose("bias", new float[] {30, -0.25f}, y, 1e-4);
  }

  private static Graph product(DType dtype, int k, int n, boolean hasBias) {
    Random random = Seeds.random("product " + dtype + k);
    var g = new GraphBuilder("product");
    Value x = g.input("x", DType.F32, 1, k);
    Value w = g.constant("w", TestWeights.random(dtype, n, k, random));
    TensorView bias = TensorView.ofFloats(Fill.GAUSSIAN.floats(n, random), n);
    Value y = g.matMul(x, w, hasBias ? Optional.of(g.constant("b", bias)) : Optional.empty());
    return g.output(g.scale(y, 1)).build();
  }

  private static Map<Value, Object> inputs(Graph graph, int items) {
    Value x = graph.inputs().getFirst();
    int count = items * x.shape().cols();
    return Map.of(x, Fill.GAUSSIAN.floats(count, Seeds.random("rows")));
  }

  private static float[] run(BackendProvider provider, Graph graph, Map<Value, Object> inputs) {
    try (Backend backend = provider.open(DEVICE, BackendOptions.DEFAULTS);
        CompiledGraph compiled = backend.compile(graph, 33)) {
      return run(compiled, graph, inputs);
    }
  }

  private static float[] run(CompiledGraph compiled, Graph graph, Map<Value, Object> inputs) {
    Value x = graph.inputs().getFirst();
    int items = ((float[]) inputs.get(x)).length / x.shape().cols();
    return GraphRunner.run(compiled, graph, items, inputs, List.of(), GraphRunner.Memory.HEAP)
        .get(graph.outputs().getFirst());
  }
}
