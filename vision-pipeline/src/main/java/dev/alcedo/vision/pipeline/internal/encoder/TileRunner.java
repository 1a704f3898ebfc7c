// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.EncodeListener;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.projector.Projector;
import dev.alcedo.vision.pipeline.internal.tile.PixelNorm;
import dev.alcedo.vision.pipeline.internal.tower.VisionTower;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The compiled graphs of an encoder and the memory between them, for one batch of tiles at a time.
/// Used by one thread at a time.
final class TileRunner implements PictureEncoder.Graphs {
  private static final long ALIGNMENT_BYTES = 64;

  private final PixelNorm norm;
  private final int batchMax;
  private final List<Step> steps;
  private final Arena arena;

  /// One graph with its memory; the output of one step is the input of the next.
  private record Step(CompiledGraph compiled, Bindings bindings, TensorView in, TensorView out) {}

  private TileRunner(PixelNorm norm, int batchMax, List<Step> steps, Arena arena) {
    this.norm = norm;
    this.batchMax = batchMax;
    this.steps = steps;
    this.arena = arena;
  }

  /// Compiles tower and projector; nothing stays open if that fails.
  static TileRunner open(EncoderContext context, VisionTower tower, Projector projector) {
    int batchMax = context.imageOptions().tileBatchMax();
    // All graphs first: they check all tensors before anything is compiled.
    List<Graph> graphs = List.of(tower.patchEmbed(), tower.blocks(), projector.graph());
    List<Stage> stages =
        List.of(Stage.VISION_PATCH_EMBED, Stage.VISION_BLOCKS, Stage.VISION_PROJECTOR);
    Arena arena = Arena.ofShared();
    var steps = new ArrayList<Step>();
    try {
      TensorView in = batch(arena, graphs.getFirst().inputs().getFirst(), batchMax);
      for (int i = 0; i < graphs.size(); i++) {
        Graph graph = graphs.get(i);
        Value output = graph.outputs().getFirst();
        TensorView out = batch(arena, output, batchMax);
        Bindings bindings = new Bindings().bind(graph.inputs().getFirst(), in).bind(output, out);
        steps.add(new Step(context.compile(stages.get(i), graph, batchMax), bindings, in, out));
        in = out;
      }
      var norm = new PixelNorm(tower.config().imageMean(), tower.config().imageStd());
      return new TileRunner(norm, batchMax, List.copyOf(steps), arena);
    } catch (Throwable e) {
      close(steps, arena);
      throw e;
    }
  }

  /// Encodes `tiles` in order.
  ///
  /// @return `[tiles * tokensPerTile, columns]` F32
  /// @throws dev.alcedo.runtime.api.CancelledException between batches
  @Override
  public TensorView run(List<Bitmap> tiles, EncodeListener listener, Cancellation cancellation) {
    TensorView pixels = steps.getFirst().in();
    TensorView tokens = steps.getLast().out();
    long pixelBytes = pixels.byteSize() / batchMax;
    long tokenBytes = tokens.byteSize() / batchMax;
    float[] embeddings = embeddings(tiles.size(), tokenBytes);
    int cols = tokens.shape().cols();
    TensorView all = TensorView.ofFloats(embeddings, embeddings.length / cols, cols);
    listener.report("image", 0, tiles.size());
    for (int start = 0; start < tiles.size(); start += batchMax) {
      cancellation.check();
      int count = Math.min(batchMax, tiles.size() - start);
      for (int i = 0; i < count; i++) {
        norm.write(tiles.get(start + i), pixels.data(), i * pixelBytes);
      }
      for (Step step : steps) {
        step.compiled().execute(step.bindings().itemCount(count));
      }
      MemorySegment.copy(tokens.data(), 0, all.data(), start * tokenBytes, count * tokenBytes);
      listener.arrived(all, (int) ((start + count) * tokenBytes / (4L * cols)));
      listener.report("image", start + count, tiles.size());
    }
    return all;
  }

  @Override
  public void close() {
    close(steps, arena);
  }

  private static void close(List<Step> steps, Arena arena) {
    steps.reversed().forEach(step -> step.compiled().close());
    arena.close();
  }

  private static float[] embeddings(int tileCount, long tokenBytes) {
    try {
      return new float[Math.toIntExact(tileCount * tokenBytes / Float.BYTES)];
    } catch (OutOfMemoryError | ArithmeticException e) {
      throw new ResourceExhaustedException(
          "image: the embeddings of %d tiles need %d bytes of heap"
              .formatted(tileCount, tileCount * tokenBytes),
          e);
    }
  }

  /// Memory for `itemCount` items of `value`, their rows (or channels) stacked.
  private static TensorView batch(Arena arena, Value value, int itemCount) {
    int[] dims = value.shape().toArray();
    dims[0] = Math.multiplyExact(dims[0], itemCount);
    var shape = Shape.of(dims);
    long bytes = DType.F32.bytes(shape.elementCount());
    try {
      return new TensorView(DType.F32, shape, arena.allocate(bytes, ALIGNMENT_BYTES));
    } catch (OutOfMemoryError e) {
      throw new ResourceExhaustedException(
          "image encoder: %d bytes for '%s' of %d tiles are not available: lower tileBatchMax"
              .formatted(bytes, value.name(), itemCount),
          e);
    }
  }
}
