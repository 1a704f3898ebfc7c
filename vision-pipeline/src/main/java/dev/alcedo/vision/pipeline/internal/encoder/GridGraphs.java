// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.ArrayList;
import java.util.Map;

/// Blocks and projector compiled for one patch count. Used by one thread at a time; whoever
/// compiled them closes them.
final class GridGraphs implements AutoCloseable {
  private final Run blocks;
  private final Run projector;

  /// A compiled graph; the output of one is the first input of the next.
  private record Run(Graph graph, CompiledGraph compiled, TensorView in, TensorView out) {
    void execute(Map<String, TensorView> tables) {
      var bindings = new Bindings().bind(graph.outputs().getFirst(), out);
      for (Value input : graph.inputs()) {
        boolean isFirst = input == graph.inputs().getFirst();
        bindings.bind(input, isFirst ? in : tables.get(input.name()));
      }
      compiled.execute(bindings);
    }
  }

  private GridGraphs(Run blocks, Run projector) {
    this.blocks = blocks;
    this.projector = projector;
  }

  /// Compiles for pictures of `patchCount` patches; nothing stays open if that fails.
  static GridGraphs compile(EncoderContext context, GridModel model, int patchCount) {
    Graph blocks = model.blocks(patchCount);
    Graph projector = model.projector(patchCount);
    var opened = new ArrayList<CompiledGraph>();
    try {
      TensorView features = Buffers.items(blocks.inputs().getFirst(), 1);
      TensorView mixed = Buffers.items(blocks.outputs().getFirst(), 1);
      TensorView tokens = Buffers.items(projector.outputs().getFirst(), 1);
      opened.add(context.compile(Stage.VISION_BLOCKS, blocks, 1));
      opened.add(context.compile(Stage.VISION_PROJECTOR, projector, 1));
      return new GridGraphs(
          new Run(blocks, opened.getFirst(), features, mixed),
          new Run(projector, opened.getLast(), mixed, tokens));
    } catch (Throwable e) {
      opened.forEach(CompiledGraph::close);
      throw e;
    }
  }

  /// Where the embedded patches go, `[patchCount, embeddingLength]`.
  TensorView features() {
    return blocks.in();
  }

  /// Runs both.
  ///
  /// @return `[tokens, columns]`, overwritten by the next run
  TensorView run(Map<String, TensorView> tables) {
    blocks.execute(tables);
    projector.execute(tables);
    return projector.out();
  }

  /// Bytes held beyond the weights.
  long residentBytes() {
    return blocks.in().byteSize()
        + blocks.out().byteSize()
        + projector.out().byteSize()
        + blocks.compiled().residentBytes()
        + projector.compiled().residentBytes();
  }

  @Override
  public void close() {
    projector.compiled().close();
    blocks.compiled().close();
  }
}
