// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.backend.gpu.internal.opencl.ClDevice;
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

  private final Graph graph;
  private final GraphMemory memory;
  private final ClDevice device;
  private final Tuning tuning;
  private final Tuner tuner;
  private final RowProducts rowProducts;
  private final int itemCountMax;

  ProductSteps(
      Graph graph,
      GraphMemory memory,
      ClDevice device,
      Tuning tuning,
      Tuner tuner,
      RowProducts rowProducts,
      int itemCountMax) {
    this.graph = graph;
    this.memory = memory;
    this.device = device;
    this.tuning = tuning;
    this.tuner = tuner;
    this.rowProducts = rowProducts;
    this.itemCountMax = itemCountMax;
  }

  Step embedding(Node node) {
    Value table = node.inputs().get(1);
    DeviceWeights.Weight weight = memory.matrix(node, 1);
    int cols = table.shape().cols();
    ClKernel kernel =
        memory.kernel("embedding", List.of(layout(table.dtype()).program(), "embedding"), "");
    kernel.buffer(0, memory.input(node, 0));
    kernel.buffer(1, weight.quants());
    kernel.buffer(2, weight.scales());
    kernel.buffer(3, memory.output(node));
    kernel.number(4, cols);
    kernel.number(5, table.shape().dim(0));
    return Step.linear(kernel, 6, node.output().shape().dim(0) * Math.ceilDiv(cols, 8));
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
        memory.scratch(device.allocate(4 * elements, "patches of '%s'".formatted(graph.name())));
    ClKernel kernel = memory.kernel("patches", List.of("movement"), "");
    kernel.buffer(0, memory.input(node, 0));
    kernel.buffer(1, rows);
    kernel.number(2, op.patchSize());
    kernel.number(3, pixels.dim(0));
    kernel.number(4, pixels.dim(1));
    kernel.number(5, pixels.dim(2));
    return Step.both(Step.linear(kernel, 6, count * length), product(node, rows, count, 0));
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
      int lanes = tuning.lanes(n, k)[0];
      ClKernel kernel = kernel("mat_vec", "-DLANES=%d -DROWS=%d".formatted(lanes, ROWS));
      var local = new long[] {Tuning.GROUP, 1};
      var global = new long[] {Step.roundUp((long) n * lanes, Tuning.GROUP), 0};
      return run -> {
        int rows = run.itemCount() * rowsPerItem;
        kernel.number(8, rows);
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
                        tuner,
                        "rows %s n:%d k:%d rows:%d"
                            .formatted(node.inputs().get(1).dtype(), n, k, max),
                        tuning.tileSides(max, n, k),
                        side -> bySide.computeIfAbsent(side, s -> tiles(s, rowsPerItem))))
            .enqueue(run);
      };
    }

    private Step tiles(int side, int rowsPerItem) {
      ClKernel kernel = kernel("mat_mul", "-DSIDE=" + side);
      var local = new long[] {side, side};
      var global = new long[] {(long) Math.ceilDiv(n, 4 * side) * side, 0};
      return run -> {
        int rows = run.itemCount() * rowsPerItem;
        kernel.number(8, rows);
        global[1] = (long) Math.ceilDiv(rows, 4 * side) * side;
        kernel.enqueue(global, local);
      };
    }

    private ClKernel kernel(String name, String options) {
      var sources = new ArrayList<String>();
      sources.add(layout(node.inputs().get(1).dtype()).program());
      sources.add("activations");
      sources.add(name);
      ClKernel kernel = memory.kernel(name, List.copyOf(sources), options + activations);
      boolean hasBias = node.inputs().size() > 2;
      kernel.buffer(0, x);
      kernel.buffer(1, weight.quants());
      kernel.buffer(2, weight.scales());
      kernel.buffer(3, hasBias ? memory.input(node, 2) : x); // any buffer, not read
      kernel.buffer(4, memory.output(node));
      kernel.number(5, k);
      kernel.number(6, n);
      kernel.number(7, hasBias ? 1 : 0);
      return kernel;
    }
  }
}
