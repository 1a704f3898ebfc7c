// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.grid.GridLayout;
import dev.alcedo.vision.pipeline.internal.grid.PatchGrid;
import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import java.util.List;

/// Encodes pictures at their own sizes, one picture or tile at a time. The same for all models of
/// this kind; [GridPlan] and [GridModel] hold the differences.
final class GridEncoder extends PictureEncoder<GridLayout> {
  private final GridModel model;
  private final GridPlan plan;

  private GridEncoder(
      String id, EncoderContext context, GridModel model, GridPlan plan, PatchGrid first) {
    super(id, context, () -> GridRunner.open(context, model, first));
    this.model = model;
    this.plan = plan;
  }

  /// Checks all tensors and plans the graphs for the smallest picture, which larger ones outgrow.
  static Encoder open(String id, EncoderContext context, GridModel model, GridPlan plan) {
    int patchSize = model.config().patchSize();
    PatchGrid first = plan.layout(1, 1).whole().patches(patchSize);
    GridRunner.plan(context, model, first);
    return new GridEncoder(id, context, model, plan, first);
  }

  @Override
  GridLayout layout(int width, int height) {
    return plan.layout(width, height);
  }

  @Override
  Extent extent(GridLayout layout) {
    return new Extent(
        layout.tiles().map(GridLayout.Tiles::grid).orElse(TileGrid.SINGLE),
        layout.tiles().isPresent(),
        layout.sizes().size(),
        tokenCounts(layout).stream().mapToInt(n -> n).sum());
  }

  @Override
  List<Bitmap> cut(Bitmap picture, GridLayout layout) {
    return plan.cut(picture, layout);
  }

  @Override
  List<ImageTokens.Part> parts(GridLayout layout) {
    return plan.parts(layout, tokenCounts(layout));
  }

  /// Graphs and buffers grow with the picture: what does not fit is the picture's fault.
  @Override
  Throwable explain(Throwable cause, int width, int height, GridLayout layout) {
    boolean isMemory =
        cause instanceof OutOfMemoryError
            || cause instanceof ArithmeticException
            || cause instanceof ResourceExhaustedException;
    return isMemory
        ? ResourceExhaustedException.ofMemory(
            "image of %dx%d pixels: no memory to encode it at %dx%d: use a smaller picture or raise -Xmx (a heap of %d bytes now)"
                .formatted(
                    width,
                    height,
                    layout.whole().width(),
                    layout.whole().height(),
                    Runtime.getRuntime().maxMemory()),
            cause)
        : cause;
  }

  private List<Integer> tokenCounts(GridLayout layout) {
    int patchSize = model.config().patchSize();
    return layout.sizes().stream().map(s -> model.tokenCount(s.patches(patchSize))).toList();
  }

  @Override
  public String describe() {
    return "%s: tower %d x %d blocks, %s, %s"
        .formatted(
            id(),
            model.config().embeddingLength(),
            model.config().blockCount(),
            plan.describe(),
            model.describe());
  }
}
