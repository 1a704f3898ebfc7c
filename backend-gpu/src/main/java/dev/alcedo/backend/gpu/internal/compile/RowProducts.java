// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.backend.gpu.internal.opencl.ClDevice;
import dev.alcedo.backend.gpu.internal.opencl.ClKernel;
import dev.alcedo.backend.gpu.internal.weights.WeightLayout;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Products of a single row, which is what decode consists of: in floats or, where the device has
/// dot products of bytes, in 8 bits.
final class RowProducts {
  private final GraphMemory memory;
  private final ClDevice device;
  private final Tuning tuning;
  private final Tuner tuner;
  private final Features features;

  RowProducts(GraphMemory memory, ClDevice device, Tuning tuning, Tuner tuner, Features features) {
    this.memory = memory;
    this.device = device;
    this.tuning = tuning;
    this.tuner = tuner;
    this.features = features;
  }

  /// Low bits of activations that are rounded away before they meet a product's weights, see
  /// [dev.alcedo.runtime.api.graph.Op.MatMul].
  static int roundedBits(Node product) {
    return switch (product.inputs().get(1).dtype()) {
      case BF16 -> 16;
      case F16 -> 13;
      default -> 0;
    };
  }

  /// The build option for it.
  static String rounding(int roundedBits) {
    return roundedBits > 0 ? " -DROUNDED_BITS=" + roundedBits : "";
  }

  /// The step of one product and nothing else.
  ///
  /// @param roundedBits see [#roundedBits]
  Step single(Node product, ClBuffer x, int roundedBits) {
    return step(
        List.of(product),
        x,
        Optional.empty(),
        "",
        Optional.empty(),
        List.of(memory.output(product)),
        roundedBits);
  }

  /// The step of a fusion.
  Step fused(Fusion.Products fusion) {
    List<Node> products = fusion.products();
    Optional<Node> norm = fusion.norm();
    Node first = norm.orElse(products.getFirst());
    boolean isGated = fusion.gate().isPresent();
    Optional<ClBuffer> residual =
        fusion
            .last()
            .filter(_ -> !isGated)
            .map(add -> memory.input(add, Fusions.otherIndex(add, products.getFirst())));
    List<ClBuffer> outputs =
        fusion
            .last()
            .map(last -> List.of(memory.output(last)))
            .orElseGet(() -> products.stream().map(memory::output).toList());
    int roundedBits = roundedBits(products.getFirst());
    String gate = fusion.gate().map(node -> gate(node.op())).orElse("");
    return step(products, memory.input(first, 0), norm, gate, residual, outputs, roundedBits);
  }

  private static String gate(Op op) {
    return switch (op) {
      case Op.Silu _ -> " -DGATE_SILU";
      case Op.QuickGelu _ -> " -DGATE_QUICK_GELU";
      case Op.Gelu gelu ->
          gelu.form() == Op.Gelu.Form.TANH ? " -DGATE_GELU_TANH" : " -DGATE_GELU_ERF";
      default -> throw new IllegalStateException(op.opName() + " is no gate");
    };
  }

  private Step step(
      List<Node> products,
      ClBuffer x,
      Optional<Node> norm,
      String gate,
      Optional<ClBuffer> residual,
      List<ClBuffer> outputs,
      int roundedBits) {
    DType dtype = products.getFirst().inputs().get(1).dtype();
    WeightLayout layout = WeightLayout.of(dtype).orElseThrow();
    int k = products.getFirst().inputs().get(1).shape().cols();
    boolean isInteger =
        features.integerDot() != IntegerDot.NONE && layout.integerDotOptions().isPresent();
    int outputCount =
        products.stream().mapToInt(p -> p.inputs().get(1).shape().dim(0)).sum() // all matrices'
            / (gate.isEmpty() ? 1 : 2);
    var options = new StringBuilder(" -DCOUNT=%d%s".formatted(products.size(), gate));
    residual.ifPresent(_ -> options.append(" -DRESIDUAL"));
    var sources = new ArrayList<String>();
    Optional<Step> before = Optional.empty();
    Optional<Quantized> quantized = Optional.empty();
    if (isInteger) {
      quantized = Optional.of(quantize(x, k, norm, layout.integerDotOptions().get()));
      before = quantized.map(Quantized::step);
      options.append(" -DINT8").append(features.integerDot().option());
      sources.add("dot");
    } else {
      norm.ifPresent(_ -> options.append(" -DNORM"));
      options.append(rounding(roundedBits)).append(k % 8 == 0 ? " -DALIGNED" : "");
    }
    sources.addAll(List.of(layout.program(), "activations", "product_row"));
    Optional<Quantized> input = quantized;
    Step product =
        new TunedStep(
            tuner,
            "row %s n=%d k=%d%s".formatted(dtype, outputCount, k, options).replace('=', ':'),
            tuning.lanes(outputCount, k),
            lanes -> {
              ClKernel kernel =
                  memory.kernel(
                      "product_row",
                      List.copyOf(sources),
                      "-DLANES=%d%s".formatted(lanes, options));
              var arguments = new Arguments(kernel);
              if (input.isPresent()) {
                arguments.buffer(input.get().quants()).buffer(input.get().scales()).number(k);
              } else {
                arguments.buffer(x).number(k);
                norm.ifPresent(n -> arguments.buffer(memory.input(n, 1)).real(eps(n)));
              }
              residual.ifPresent(arguments::buffer);
              for (int i = 0; i < products.size(); i++) {
                matrix(arguments, products.get(i), outputs.get(Math.min(i, outputs.size() - 1)));
              }
              var global = new long[] {Step.roundUp((long) outputCount * lanes, Tuning.GROUP)};
              var local = new long[] {Tuning.GROUP};
              return _ -> kernel.enqueue(global, local);
            });
    return before.map(step -> Step.both(step, product)).orElse(product);
  }

  private void matrix(Arguments arguments, Node product, ClBuffer output) {
    DeviceWeights.Weight weight = memory.matrix(product, 1);
    boolean hasBias = product.inputs().size() > 2;
    arguments
        .buffer(weight.quants())
        .buffer(weight.scales())
        .buffer(hasBias ? memory.input(product, 2) : weight.quants()) // any buffer, not read
        .buffer(output)
        .number(product.inputs().get(1).shape().dim(0))
        .number(hasBias ? 1 : 0);
  }

  /// A row in 8 bits, and the step that makes it.
  private record Quantized(Step step, ClBuffer quants, ClBuffer scales) {}

  private Quantized quantize(ClBuffer x, int k, Optional<Node> norm, String layoutOptions) {
    int blocks = k / 32;
    String what = "a row of activations in 8 bits";
    ClBuffer quants = memory.scratch(device.allocate(k, what));
    ClBuffer scales = memory.scratch(device.allocate(2L * Float.BYTES * blocks, what));
    String options = norm.map(_ -> "-DNORM").orElse("") + layoutOptions;
    ClKernel kernel = memory.kernel("quantize", List.of("quantize"), options);
    var arguments = new Arguments(kernel).buffer(x).buffer(quants).buffer(scales).number(k);
    norm.ifPresent(n -> arguments.buffer(memory.input(n, 1)).real(eps(n)));
    var global = new long[] {Step.roundUp(blocks, Tuning.GROUP)};
    var local = new long[] {Tuning.GROUP};
    return new Quantized(_ -> kernel.enqueue(global, local), quants, scales);
  }

  private static float eps(Node norm) {
    return ((Op.RmsNorm) norm.op()).eps();
  }
}
