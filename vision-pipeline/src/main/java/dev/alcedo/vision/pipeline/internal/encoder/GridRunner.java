// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.grid.PatchGrid;
import dev.alcedo.vision.pipeline.internal.grid.PatchOrder;
import dev.alcedo.vision.pipeline.internal.tile.PixelNorm;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/// Runs pictures of any size through a [GridModel], one at a time. The patch embedding is compiled
/// once, for a chunk of patches; the rest for each patch count, in a [GraphCache]. Used by one
/// thread at a time.
final class GridRunner implements PictureEncoder.Graphs {
  /// Patches that are embedded together.
  private static final int CHUNK = 256;

  private final GridModel model;
  private final PixelNorm norm;
  private final Graph patchEmbed;
  private final CompiledGraph compiled;
  private final TensorView pixels;
  private final GraphCache cache;

  private GridRunner(EncoderContext context, GridModel model, Graph patchEmbed) {
    this.model = model;
    this.patchEmbed = patchEmbed;
    norm = new PixelNorm(model.config().imageMean(), model.config().imageStd());
    pixels = Buffers.items(patchEmbed.inputs().getFirst(), CHUNK);
    cache = new GraphCache(count -> GridGraphs.compile(context, model, count));
    compiled = context.compile(Stage.VISION_PATCH_EMBED, patchEmbed, CHUNK);
  }

  /// Checks all tensors and tells what pictures of the size `first` take.
  static void plan(EncoderContext context, GridModel model, PatchGrid first) {
    Graph patchEmbed = model.patchEmbed();
    Graph blocks = model.blocks(first.count());
    Graph projector = model.projector(first.count());
    context.plan(
        Stage.VISION_PATCH_EMBED, patchEmbed, CHUNK, bytes(patchEmbed.inputs().getFirst(), CHUNK));
    context.plan(
        Stage.VISION_BLOCKS,
        blocks,
        1,
        bytes(blocks.inputs().getFirst(), 1) + bytes(blocks.outputs().getFirst(), 1));
    context.plan(Stage.VISION_PROJECTOR, projector, 1, bytes(projector.outputs().getFirst(), 1));
  }

  private static long bytes(Value value, int itemCount) {
    return 4L * value.shape().elementCount() * itemCount;
  }

  /// Compiles for `first`; nothing stays open if that fails.
  static GridRunner open(EncoderContext context, GridModel model, PatchGrid first) {
    Graph patchEmbed = model.patchEmbed();
    var runner = new GridRunner(context, model, patchEmbed);
    try {
      runner.cache.get(first.count());
      return runner;
    } catch (Throwable e) {
      runner.close();
      throw e;
    }
  }

  /// Encodes one picture after the other; a picture that is too large for the memory that is left
  /// ends the run, and those before it stand.
  @Override
  public void run(List<Tiles> pictures) {
    for (Tiles picture : pictures) {
      if (pictures.size() == 1 || !picture.cancellation().isCancelled()) {
        run(picture);
      }
    }
  }

  private void run(Tiles picture) {
    int cols = model.tokenLength();
    picture.begin(cols);
    int row = 0;
    for (Bitmap tile : picture.bitmaps()) {
      picture.cancellation().check();
      int patchSize = model.config().patchSize();
      PatchOrder order =
          model.order(new PatchGrid(tile.width() / patchSize, tile.height() / patchSize));
      TensorView tokens = encode(tile, order, picture.cancellation());
      copyInPlace(tokens, order, picture.embeddings(), row * cols);
      row += tokens.shape().dim(0);
      picture.done(1, row);
    }
  }

  private TensorView encode(Bitmap picture, PatchOrder order, Cancellation cancellation) {
    Map<String, TensorView> tables = model.tables(order);
    GridGraphs graphs = cache.get(order.grid().count());
    embed(picture, order, tables, graphs.features());
    cancellation.check();
    return graphs.run(tables);
  }

  private void embed(
      Bitmap picture, PatchOrder order, Map<String, TensorView> tables, TensorView features) {
    int count = order.grid().count();
    for (int start = 0; start < count; start += CHUNK) {
      int length = Math.min(CHUNK, count - start);
      writePixels(picture, order, start, length);
      var bindings = new Bindings().itemCount(length);
      bindings.bind(patchEmbed.inputs().getFirst(), pixels);
      for (Value input : patchEmbed.inputs().subList(1, patchEmbed.inputs().size())) {
        bindings.bind(input, rows(tables.get(input.name()), start, length));
      }
      bindings.bind(patchEmbed.outputs().getFirst(), rows(features, start, length));
      compiled.execute(bindings);
    }
  }

  private void writePixels(Bitmap picture, PatchOrder order, int start, int length) {
    int size = model.config().patchSize();
    long patchBytes = pixels.byteSize() / CHUNK;
    for (int i = 0; i < length; i++) {
      int left = order.cols()[start + i] * size;
      int top = order.rows()[start + i] * size;
      norm.writeSquare(picture, left, top, size, pixels.data(), i * patchBytes);
    }
  }

  private static TensorView rows(TensorView view, int start, int count) {
    int[] dims = view.shape().toArray();
    long rowBytes = view.byteSize() / dims[0];
    dims[0] = count;
    MemorySegment data = view.data().asSlice(start * rowBytes, count * rowBytes);
    return new TensorView(view.dtype(), Shape.of(dims), data);
  }

  /// Image tokens come in the tower's order and go row by row.
  private void copyInPlace(TensorView tokens, PatchOrder order, TensorView out, int offset) {
    int cols = tokens.shape().cols();
    for (int i = 0; i < tokens.shape().dim(0); i++) {
      MemorySegment.copy(
          tokens.data(),
          i * tokens.rowBytes(),
          out.data(),
          4L * (offset + model.tokenPlace(order, i) * cols),
          tokens.rowBytes());
    }
  }

  @Override
  public void close() {
    cache.close();
    compiled.close();
  }
}
