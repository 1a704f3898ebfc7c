// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.backend.gpu.internal.opencl.ClKernel;
import dev.alcedo.backend.gpu.internal.weights.WeightLayout;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The steps of ops that read matrices of weights: embeddings, products, patches.
final class ProductSteps {
  /// Rows that a matrix-vector kernel takes at a time.
  private static final int ROWS = 4;

  /// The argument that says how many rows there are.
  private static final int ROW_COUNT = 8;

  private final Graph graph;
  private final GraphMemory memory;
  private final Target target;
  private final RowProducts rowProducts;
  private final int itemCountMax;

  ProductSteps(
      Graph graph, GraphMemory memory, Target target, RowProducts rowProducts, int itemCountMax) {
    this.graph = graph;
    this.memory = memory;
    this.target = target;
    this.rowProducts = rowProducts;
    this.itemCountMax = itemCountMax;
  }

  Step embedding(Node node) {
    Value table = node.inputs().get(1);
    DeviceWeights.Weight weight = memory.matrix(node, 1);
    int cols = table.shape().cols();
    ClKernel kernel =
        memory.kernel("embedding", List.of(layout(table.dtype()).program(), "embedding"), "");
    return new Arguments(kernel)
        .buffer(memory.input(node, 0))
        .buffer(weight.quants())
        .buffer(weight.scales())
        .buffer(memory.output(node))
        .number(cols)
        .number(table.shape().dim(0))
        .linear(node.output().shape().dim(0) * Math.ceilDiv(cols, 8));
  }

  Step matMul(Node node) {
    int roundedBits = RowProducts.roundedBits(node);
    return product(node, memory.input(node, 0), node.output().shape().dim(0), roundedBits);
  }

  /// The patches as rows, then a product.
  Step patchEmbed(Node node, Op.PatchEmbed op) {
    Shape pixels = node.inputs().getFirst().shape();
    int length = node.inputs().get(1).shape().cols();
    int count = node.output().shape().dim(0);
    long elements = DevicePlan.checked(graph, node.output(), (long) count * length, itemCountMax);
    ClBuffer rows =
        memory.scratch(
            target.device().allocate(4 * elements, "patches of '%s'".formatted(graph.name())));
    Step gather =
        new Arguments(memory.kernel("patches", List.of("movement"), ""))
            .buffer(memory.input(node, 0))
            .buffer(rows)
            .number(op.patchSize())
            .number(pixels.dim(0))
            .number(pixels.dim(1))
            .number(pixels.dim(2))
            .linear(count * length);
    return Step.both(gather, product(node, rows, count, 0));
  }

  /// One row, few rows and many go to different kernels; which it is depends on the run.
  private Step product(Node node, ClBuffer x, int rowsPerItem, int roundedBits) {
    int rowsMax = Math.multiplyExact(rowsPerItem, itemCountMax);
    var kernels = new Kernels(node, x, memory.matrix(node, 1), roundedBits);
    Optional<Step> one =
        rowsPerItem == 1 ? Optional.of(rowProducts.single(node, x, roundedBits)) : Optional.empty();
    if (rowsMax == 1) {
      return one.orElseThrow();
    }
    Step few = kernels.matVec(rowsPerItem);
    Optional<Step> many =
        rowsMax >= Tuning.TILE_ROWS ? Optional.of(kernels.matMul(rowsPerItem)) : Optional.empty();
    return run -> {
      int rows = run.itemCount() * rowsPerItem;
      Optional<Step> special = rows == 1 ? one : rows >= Tuning.TILE_ROWS ? many : Optional.empty();
      special.orElse(few).enqueue(run);
    };
  }

  private static WeightLayout layout(DType dtype) {
    return WeightLayout.of(dtype)
        .orElseThrow(() -> new IllegalArgumentException("no %s weights".formatted(dtype)));
  }

  /// The kernels of one product, which take the same arguments.
  private final class Kernels {
    private final Node node;
    private final ClBuffer x;
    private final DeviceWeights.Weight weight;
    private final String activations;
    private final int n;
    private final int k;

    Kernels(Node node, ClBuffer x, DeviceWeights.Weight weight, int roundedBits) {
      Shape shape = node.inputs().get(1).shape();
      this.node = node;
      this.x = x;
      this.weight = weight;
      this.activations =
          RowProducts.rounding(roundedBits) + (shape.cols() % 8 == 0 ? " -DALIGNED" : "");
      this.n = shape.dim(0);
      this.k = shape.cols();
    }

    Step matVec(int rowsPerItem) {
      int lanes = target.tuning().lanes(n, k)[0];
      ClKernel kernel =
          kernel(List.of("lanes", "mat_vec"), "-DLANES=%d -DROWS=%d".formatted(lanes, ROWS));
      var local = new long[] {Tuning.GROUP, 1};
      var global = new long[] {Step.roundUp((long) n * lanes, Tuning.GROUP), 0};
      return run -> {
        int rows = run.itemCount() * rowsPerItem;
        kernel.number(ROW_COUNT, rows);
        global[1] = Math.ceilDiv(rows, ROWS);
        kernel.enqueue(global, local);
      };
    }

    /// Tiles of a size that suits the number of rows, tuned for each power of two.
    Step matMul(int rowsPerItem) {
      Map<Integer, Step> byRows = new HashMap<>();
      Map<Integer, Step> bySide = new HashMap<>();
      return run -> {
        int rows = run.itemCount() * rowsPerItem;
        int rowsMax = 1 << (Integer.SIZE - Integer.numberOfLeadingZeros(rows - 1));
        byRows
            .computeIfAbsent(
                rowsMax,
                max ->
                    new TunedStep(
                        target.tuner(),
                        "rows %s n:%d k:%d rows:%d%s"
                            .formatted(dtype(), n, k, max, isInHalves() ? " fp16" : ""),
                        target.tuning().tileSides(max, n, k),
                        side -> bySide.computeIfAbsent(side, s -> tiles(s, rowsPerItem))))
            .enqueue(run);
      };
    }

    private Step tiles(int side, int rowsPerItem) {
      if (!isInHalves()) {
        return tiles(kernel(List.of("mat_mul"), "-DSIDE=" + side), side, rowsPerItem);
      }
      ClBuffer factors = factors(rowsPerItem);
      ClKernel kernel = kernel(List.of("mat_mul"), "-DHALVES -DSIDE=" + side);
      kernel.buffer(ROW_COUNT + 1, factors);
      Step scale =
          new Arguments(memory.kernel("row_factors", List.of("rows"), ""))
              .buffer(x)
              .buffer(factors)
              .number(k)
              .rows(rowsPerItem);
      return Step.both(scale, tiles(kernel, side, rowsPerItem));
    }

    private Step tiles(ClKernel kernel, int side, int rowsPerItem) {
      var local = new long[] {side, side};
      var global = new long[] {(long) Math.ceilDiv(n, 4 * side) * side, 0};
      return run -> {
        int rows = run.itemCount() * rowsPerItem;
        kernel.number(ROW_COUNT, rows);
        global[1] = (long) Math.ceilDiv(rows, 4 * side) * side;
        kernel.enqueue(global, local);
      };
    }

    /// Whether factors are rounded to 16 bits, which is less than what quantising took of weights
    /// but more than plain weights allow, and not for pixels, which nothing rounds.
    private boolean isInHalves() {
      return target.features().fp16() != Use.OFF
          && node.op() instanceof Op.MatMul
          && dtype().isQuantised();
    }

    private ClBuffer factors(int rowsPerItem) {
      long rows = (long) rowsPerItem * itemCountMax;
      return memory.scratch(target.device().allocate(Float.BYTES * rows, "factors of rows"));
    }

    private DType dtype() {
      return node.inputs().get(1).dtype();
    }

    /// The kernel that the last of the sources has and is named after.
    private ClKernel kernel(List<String> with, String options) {
      var sources = new ArrayList<String>();
      sources.add(layout(dtype()).program());
      sources.add("activations");
      sources.addAll(with);
      ClKernel kernel = memory.kernel(with.getLast(), List.copyOf(sources), options + activations);
      boolean hasBias = node.inputs().size() > 2;
      new Arguments(kernel)
          .buffer(x)
          .buffer(weight.quants())
          .buffer(weight.scales())
          .buffer(hasBias ? memory.input(node, 2) : x) // any buffer, not read
          .buffer(memory.output(node))
          .number(k)
          .number(n)
          .number(hasBias ? 1 : 0);
      return kernel;
    }
  }
}
