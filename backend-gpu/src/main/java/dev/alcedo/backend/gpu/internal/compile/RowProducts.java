// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.backend.gpu.internal.weights.WeightLayout;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.List;
import java.util.Optional;

/// Products of a single row, which is what decode consists of: in floats or, where the device has
/// dot products of bytes, in 8 bits.
final class RowProducts {
  private final GraphMemory memory;
  private final Target target;

  RowProducts(GraphMemory memory, Target target) {
    this.memory = memory;
    this.target = target;
  }

  /// What one kernel computes.
  ///
  /// @param products of the same x
  /// @param x the row, before the norm if there is one
  /// @param norm of x
  /// @param gate the activation of the first of two products, which is then multiplied with the
  ///   second
  /// @param residual what is added
  /// @param outputs one for each product, or one of a gate
  /// @param roundedBits see [#roundedBits]
  private record Row(
      List<Node> products,
      ClBuffer x,
      Optional<Node> norm,
      Optional<Node> gate,
      Optional<ClBuffer> residual,
      List<ClBuffer> outputs,
      int roundedBits) {
    DType dtype() {
      return products.getFirst().inputs().get(1).dtype();
    }

    /// Elements of x.
    int length() {
      return products.getFirst().inputs().get(1).shape().cols();
    }

    int outputCount() {
      int all = products.stream().mapToInt(p -> p.inputs().get(1).shape().dim(0)).sum();
      return gate.isPresent() ? all / 2 : all;
    }

    /// Where product `i` goes.
    ClBuffer output(int i) {
      return outputs.get(Math.min(i, outputs.size() - 1));
    }
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
        new Row(
            List.of(product),
            x,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(memory.output(product)),
            roundedBits));
  }

  /// The step of a fusion.
  Step fused(Fusion.Products fusion) {
    List<Node> products = fusion.products();
    Optional<Node> norm = fusion.norm();
    Node first = norm.orElse(products.getFirst());
    Optional<ClBuffer> residual =
        fusion
            .last()
            .filter(_ -> fusion.gate().isEmpty())
            .map(add -> memory.input(add, Fusions.otherIndex(add, products.getFirst())));
    List<ClBuffer> outputs =
        fusion
            .last()
            .map(last -> List.of(memory.output(last)))
            .orElseGet(() -> products.stream().map(memory::output).toList());
    return step(
        new Row(
            products,
            memory.input(first, 0),
            norm,
            fusion.gate(),
            residual,
            outputs,
            roundedBits(products.getFirst())));
  }

  private Step step(Row row) {
    Optional<String> integerOptions =
        Optional.of(layout(row))
            .filter(_ -> target.features().integerDot() != Use.OFF)
            .flatMap(WeightLayout::integerDotOptions);
    if (integerOptions.isEmpty()) {
      return product(row, Optional.empty());
    }
    Quantized quantized = quantize(row, integerOptions.get());
    return Step.both(quantized.step(), product(row, Optional.of(quantized)));
  }

  private Step product(Row row, Optional<Quantized> quantized) {
    int n = row.outputCount();
    int k = row.length();
    String options = options(row, quantized.isPresent());
    List<String> sources =
        List.of(layout(row).program(), "activations", "gates", "lanes", "product_row");
    return new TunedStep(
        target.tuner(),
        "row %s n=%d k=%d%s".formatted(row.dtype(), n, k, options).replace('=', ':'),
        target.tuning().lanes(n, k),
        lanes -> {
          String all = "-DLANES=%d%s".formatted(lanes, options);
          var arguments = new Arguments(memory.kernel("product_row", sources, all));
          if (quantized.isPresent()) {
            arguments.buffer(quantized.get().quants()).buffer(quantized.get().scales()).number(k);
          } else {
            arguments.buffer(row.x()).number(k);
            row.norm().ifPresent(norm -> norm(arguments, norm));
          }
          row.residual().ifPresent(arguments::buffer);
          for (int i = 0; i < row.products().size(); i++) {
            matrix(arguments, row.products().get(i), row.output(i));
          }
          return arguments.fixed((long) n * lanes);
        });
  }

  private String options(Row row, boolean isInteger) {
    var options = new StringBuilder(" -DCOUNT=" + row.products().size());
    row.gate().ifPresent(gate -> options.append(gate(gate.op())));
    row.residual().ifPresent(_ -> options.append(" -DRESIDUAL"));
    if (isInteger) {
      options.append(" -DINT8");
    } else {
      row.norm().ifPresent(_ -> options.append(" -DNORM"));
      options.append(rounding(row.roundedBits())).append(row.length() % 8 == 0 ? " -DALIGNED" : "");
    }
    return options.toString();
  }

  private static String gate(Op op) {
    return " -DGATE="
        + switch (op) {
          case Op.Silu _ -> "silu_of";
          case Op.QuickGelu _ -> "quick_gelu_of";
          case Op.Gelu gelu -> gelu.form() == Op.Gelu.Form.TANH ? "gelu_tanh_of" : "gelu_erf_of";
          default -> throw new IllegalStateException(op.opName() + " is no gate");
        };
  }

  private static WeightLayout layout(Row row) {
    return WeightLayout.of(row.dtype()).orElseThrow();
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

  private Quantized quantize(Row row, String layoutOptions) {
    int blocks = row.length() / 32;
    String what = "a row of activations in 8 bits";
    ClBuffer quants = memory.scratch(target.device().allocate(row.length(), what));
    ClBuffer scales = memory.scratch(target.device().allocate(2L * Float.BYTES * blocks, what));
    String options = row.norm().map(_ -> "-DNORM").orElse("") + layoutOptions;
    var arguments = new Arguments(memory.kernel("quantize", List.of("quantize"), options));
    arguments.buffer(row.x()).buffer(quants).buffer(scales).number(row.length());
    row.norm().ifPresent(norm -> norm(arguments, norm));
    return new Quantized(arguments.fixed(blocks), quants, scales);
  }

  private void norm(Arguments arguments, Node norm) {
    arguments.buffer(memory.input(norm, 1)).real(((Op.RmsNorm) norm.op()).eps());
  }
}
