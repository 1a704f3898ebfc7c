// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.backend.gpu.internal.compile.Features;
import dev.alcedo.backend.gpu.internal.compile.Use;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Op;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/// Parts of decoders that one kernel computes for a single row and several kernels for more: the
/// same numbers as node by node on the scalar kernels.
@ExtendWith(Seeds.class)
class FusedGraphTest {
  private static final List<DType> DTYPES =
      List.of(DType.F32, DType.F16, DType.BF16, DType.Q8_0, DType.Q4_0, DType.Q4_K, DType.Q6_K);
  private static final List<Op> GATES =
      List.of(
          new Op.Silu(),
          new Op.QuickGelu(),
          new Op.Gelu(Op.Gelu.Form.TANH),
          new Op.Gelu(Op.Gelu.Form.ERF));
  private static final int K = 256;

  /// Open as long as this class is tested, since a device compiles each kernel once.
  private static final Map<Object, Backend> OPEN = new HashMap<>();

  @AfterAll
  static void close() {
    OPEN.values().forEach(Backend::close);
    OPEN.clear();
  }

  /// What differs from block to block.
  ///
  /// @param dtypeV of the third of q, k and v
  /// @param isSecond whether the gate's factor comes second
  private record Block(
      DType dtype, DType dtypeV, Op gate, boolean hasNorm, boolean hasBias, boolean isSecond) {
    Graph graph(Random random) {
      var g = new GraphBuilder("block");
      Value x = g.input("x", DType.F32, 1, K);
      Value positions = g.input("positions", DType.I32, 1);
      Value normed = hasNorm ? norm(g, x, "attn", random) : x;
      Value q = linear(g, normed, "q", dtype, K, random);
      Value k = linear(g, normed, "k", dtype, 96, random);
      Value v = linear(g, normed, "v", dtypeV, 96, random);
      var rope = new Op.Rope(Op.Rope.Style.HALVES, 8, 32, 32, 10_000f, 1, 1);
      var ropeK = new Op.Rope(Op.Rope.Style.HALVES, 3, 32, 32, 10_000f, 1, 1);
      Value turnedQ = g.node(rope, q, positions);
      Value turnedK = g.node(ropeK, k, positions);
      Value y = g.add(x, linear(g, turnedQ, "output", dtype, K, random));
      Value inner = hasNorm ? norm(g, y, "ffn", random) : y;
      Value gated = linear(g, inner, "gate", dtype, 512, random);
      Value up = linear(g, inner, "up", dtype, 512, random);
      Value active = g.node(gate, gated);
      Value product = isSecond ? g.mul(up, active) : g.mul(active, up);
      Value z = g.add(linear(g, product, "down", dtype, K, random), y);
      return g.output(z).output(turnedK).output(v).build();
    }

    private Value norm(GraphBuilder g, Value x, String name, Random random) {
      var weight = new float[K];
      for (int i = 0; i < K; i++) {
        weight[i] = 1 + 0.1f * (float) random.nextGaussian();
      }
      return g.rmsNorm(x, g.constant(name + "_norm", TensorView.ofFloats(weight, K)), 1e-5f);
    }

    private Value linear(GraphBuilder g, Value x, String name, DType of, int out, Random random) {
      int in = x.shape().cols();
      // Weights of a size that keeps sums as large as what they are sums of.
      Value w = g.constant(name, TestWeights.random(of, out, in, random));
      if (!hasBias) {
        return g.matMul(x, w);
      }
      var bias = new float[out];
      for (int i = 0; i < out; i++) {
        bias[i] = (float) random.nextGaussian();
      }
      return g.node(
          new Op.MatMul(), x, w, g.constant(name + "_bias", TensorView.ofFloats(bias, out)));
    }
  }

  private static List<Block> blocks() {
    var blocks = new ArrayList<Block>();
    for (DType dtype : DTYPES) {
      Op gate = GATES.get(blocks.size() % GATES.size());
      blocks.add(new Block(dtype, dtype, gate, true, false, false));
      blocks.add(new Block(dtype, DType.F16, new Op.Silu(), true, true, true));
      blocks.add(new Block(dtype, dtype, new Op.Silu(), false, true, false));
    }
    GATES.forEach(gate -> blocks.add(new Block(DType.F32, DType.F32, gate, true, true, false)));
    return blocks;
  }

  @TestFactory
  Stream<DynamicTest> agreesWithNodeByNode() {
    return Stream.of(
            new TestDevice(false, Features.NONE),
            new TestDevice(true, Features.NONE),
            new TestDevice(true, Features.EMULATED))
        .flatMap(device ->
            blocks().stream()
                .map(block ->
                    DynamicTest.dynamicTest(block + " on " + device, () -> check(block, device))));
  }

  private static void check(Block block, TestDevice device) {
    Random random = Seeds.random(block.toString());
    Graph graph = block.graph(random);
    Backend backend = OPEN.computeIfAbsent(device, _ -> open(device));
    Backend reference = OPEN.computeIfAbsent("scalar", _ -> open(ScalarReference.provider()));
    try (CompiledGraph expected = reference.compile(graph, 20);
        CompiledGraph single = backend.compile(graph, 1);
        CompiledGraph several = backend.compile(graph, 20)) {
      for (int items : new int[] {1, 3, 20}) {
        var inputs = GraphRunner.randomInputs(graph, items, Fill.GAUSSIAN, 5000, random);
        var truth = run(expected, graph, items, inputs);
        double tolerance = tolerance(block, device, items);
        assertClose(graph, truth, run(several, graph, items, inputs), items, tolerance);
        if (items == 1) {
          assertClose(graph, truth, run(single, graph, items, inputs), items, tolerance);
        }
      }
    }
  }

  /// BF16 and F16 round what a product reads, at whose edges two sums part: see docs/adr/0006.
  /// Emulated features round as in EmulatedFeaturesTest, here in two products one after the other,
  /// with a gate between.
  private static double tolerance(Block block, TestDevice device, int items) {
    if (device.features().integerDot() != Use.OFF && block.dtype().isQuantised()) {
      return items == 1 ? 1e-3 : 2e-5;
    }
    if (block.dtype() == DType.BF16) {
      return 1e-5;
    }
    boolean hasF16 = block.dtype() == DType.F16 || block.dtypeV() == DType.F16;
    return hasF16 ? 2e-6 : 100 * OpCases.SUMS;
  }

  private static Map<Value, float[]> run(
      CompiledGraph compiled, Graph graph, int items, Map<Value, Object> inputs) {
    return GraphRunner.run(compiled, graph, items, inputs, List.of(), GraphRunner.Memory.NATIVE);
  }

  private static void assertClose(
      Graph graph,
      Map<Value, float[]> expected,
      Map<Value, float[]> got,
      int items,
      double tolerance) {
    assertEquals(3, graph.outputs().size());
    for (Value output : graph.outputs()) {
      Nmse.assertClose(
          "'%s' of %d items".formatted(output.name(), items),
          expected.get(output),
          got.get(output),
          tolerance);
    }
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
