// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.Tracer;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.tile.PixelNorm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The compiled graphs of an encoder and the memory between them, for one batch of tiles at a time,
/// or for several where stages overlap. Used by one thread at a time.
final class TileRunner implements PictureEncoder.Graphs {
  private static final long ALIGNMENT_BYTES = 64;

  private final PixelNorm norm;
  private final Tracer tracer;
  private final int batchMax;
  private final List<Step> steps;
  private final Arena arena;

  /// One graph with its memory; the output of one step is the input of the next.
  ///
  /// @param bindings one for each batch that may be under way
  private record Step(
      String lane,
      CompiledGraph compiled,
      List<Bindings> bindings,
      List<TensorView> in,
      List<TensorView> out) {}

  private TileRunner(TileGraphs graphs, Tracer tracer, List<Step> steps, Arena arena) {
    this.norm = graphs.norm();
    this.tracer = tracer;
    this.batchMax = graphs.batchMax();
    this.steps = steps;
    this.arena = arena;
  }

  /// Compiles tower and projector; nothing stays open if that fails.
  static TileRunner open(EncoderContext context, TileGraphs all) {
    Arena arena = Arena.ofShared();
    var steps = new ArrayList<Step>();
    try {
      List<TensorView> in = batches(arena, all, all.graphs().getFirst().inputs().getFirst());
      for (int i = 0; i < all.graphs().size(); i++) {
        Graph graph = all.graphs().get(i);
        Value output = graph.outputs().getFirst();
        List<TensorView> out = batches(arena, all, output);
        var bindings = new ArrayList<Bindings>();
        for (int k = 0; k < out.size(); k++) {
          bindings.add(
              new Bindings().bind(graph.inputs().getFirst(), in.get(k)).bind(output, out.get(k)));
        }
        CompiledGraph compiled = context.compile(TileGraphs.STAGES.get(i), graph, all.batchMax());
        steps.add(new Step(all.lanes().get(i), compiled, bindings, in, out));
        in = out;
      }
      return new TileRunner(all, context.tracer(), List.copyOf(steps), arena);
    } catch (Throwable e) {
      close(steps, arena);
      throw e;
    }
  }

  private static List<TensorView> batches(Arena arena, TileGraphs all, Value value) {
    var batches = new ArrayList<TensorView>();
    for (int k = 0; k < all.depth(); k++) {
      batches.add(batch(arena, value, all.batchMax()));
    }
    return List.copyOf(batches);
  }

  /// Encodes the tiles of all pictures in order, batches across pictures.
  @Override
  public void run(List<Tiles> pictures) {
    int cols = steps.getLast().out().getFirst().shape().cols();
    var work = new ArrayList<Tile>();
    for (Tiles picture : pictures) {
      picture.begin(cols);
      for (int i = 0; i < picture.bitmaps().size(); i++) {
        work.add(new Tile(picture, i));
      }
    }
    int batchCount = Math.ceilDiv(work.size(), batchMax);
    List<StagePipeline.Stage> stages = stages(work);
    if (stages.size() == 1) {
      for (int batch = 0; batch < batchCount; batch++) {
        Tiles.checkAny(pictures);
        stages.getFirst().run(batch);
      }
    } else {
      new StagePipeline(stages, batchCount, () -> Tiles.checkAny(pictures)).run();
    }
  }

  /// Neighbouring steps of one lane are one stage.
  private List<StagePipeline.Stage> stages(List<Tile> work) {
    var stages = new ArrayList<StagePipeline.Stage>();
    int from = 0;
    for (int i = 1; i <= steps.size(); i++) {
      if (i == steps.size() || !steps.get(i).lane().equals(steps.get(from).lane())) {
        int first = from;
        int end = i;
        stages.add(batch -> run(work, batch, first, end));
        from = i;
      }
    }
    return stages;
  }

  /// Steps `first..end - 1` of a batch, with what comes before the first and after the last step.
  private void run(List<Tile> work, int batch, int first, int end) {
    int start = batch * batchMax;
    int count = Math.min(batchMax, work.size() - start);
    try (var _ = tracer.begin(Tracer.Kind.TILE_BATCH, "tiles", count)) {
      if (first == 0) {
        writePixels(work.subList(start, start + count), batch);
      }
      for (Step step : steps.subList(first, end)) {
        Bindings bindings = step.bindings().get(batch % step.bindings().size());
        step.compiled().execute(bindings.itemCount(count));
      }
      if (end == steps.size()) {
        hand(work.subList(start, start + count), batch);
      }
    }
  }

  private void writePixels(List<Tile> tiles, int batch) {
    List<TensorView> all = steps.getFirst().in();
    TensorView pixels = all.get(batch % all.size());
    long pixelBytes = pixels.byteSize() / batchMax;
    try (var _ = tracer.begin(Tracer.Kind.PICTURE, "pixels", tiles.size())) {
      for (int i = 0; i < tiles.size(); i++) {
        norm.write(tiles.get(i).bitmap(), pixels.data(), i * pixelBytes);
      }
    }
  }

  /// Hands out the image tokens of a batch, to each picture once.
  private void hand(List<Tile> tiles, int batch) {
    List<TensorView> all = steps.getLast().out();
    TensorView tokens = all.get(batch % all.size());
    long tokenBytes = tokens.byteSize() / batchMax;
    int tokensPerTile = tokens.shape().dim(0) / batchMax;
    int first = 0;
    for (int i = 0; i < tiles.size(); i++) {
      Tile tile = tiles.get(i);
      MemorySegment.copy(
          tokens.data(),
          i * tokenBytes,
          tile.picture().embeddings().data(),
          tile.index() * tokenBytes,
          tokenBytes);
      boolean isLast = i + 1 == tiles.size() || tiles.get(i + 1).picture() != tile.picture();
      if (isLast) {
        tile.picture().done(i + 1 - first, (tile.index() + 1) * tokensPerTile);
        first = i + 1;
      }
    }
  }

  /// One tile of a picture.
  private record Tile(Tiles picture, int index) {
    Bitmap bitmap() {
      return picture.bitmaps().get(index);
    }
  }

  @Override
  public void close() {
    close(steps, arena);
  }

  private static void close(List<Step> steps, Arena arena) {
    steps.reversed().forEach(step -> step.compiled().close());
    arena.close();
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
      throw ResourceExhaustedException.ofMemory(
          "image encoder: %d bytes for '%s' of %d tiles are not available: lower --tile-batch"
              .formatted(bytes, value.name(), itemCount),
          e);
    }
  }
}
