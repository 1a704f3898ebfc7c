// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.ImageReport;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.decode.ImageDecoder;
import dev.alcedo.vision.pipeline.internal.decode.ImageHeader;
import dev.alcedo.vision.pipeline.internal.grid.GridLayout;
import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Encodes pictures at their own sizes: decode, resize, then tower and projector, one picture or
/// tile at a time. The same for all models of this kind; [GridPlan] and [GridModel] hold the
/// differences.
final class GridEncoder implements Encoder {
  private static final Logger LOG = LoggerFactory.getLogger(GridEncoder.class);

  private final String id;
  private final GridModel model;
  private final GridPlan plan;
  private final ImageDecoder decoder;
  private final GridRunner runner;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean isClosed;

  private GridEncoder(
      String id, EncoderContext context, GridModel model, GridPlan plan, GridRunner runner) {
    this.id = id;
    this.model = model;
    this.plan = plan;
    this.runner = runner;
    decoder = new ImageDecoder(context.imageOptions());
  }

  /// Checks all tensors and compiles the graphs for the smallest picture.
  static Encoder open(String id, EncoderContext context, GridModel model, GridPlan plan) {
    int patchSize = model.config().patchSize();
    GridRunner runner =
        GridRunner.open(context, model, plan.layout(1, 1).whole().patches(patchSize));
    return new GridEncoder(id, context, model, plan, runner);
  }

  @Override
  public ImageReport inspect(byte[] image) {
    ImageHeader header = decoder.inspect(image);
    int width = header.uprightWidth();
    int height = header.uprightHeight();
    return report(width, height, plan.layout(width, height), 0, 0);
  }

  @Override
  public ImageTokens encode(byte[] image, Progress progress, Cancellation cancellation) {
    lock.lock();
    try {
      if (isClosed) {
        throw new IllegalStateException("encoder '%s' is closed".formatted(id));
      }
      return encodeAlone(image, progress, cancellation);
    } finally {
      lock.unlock();
    }
  }

  private ImageTokens encodeAlone(byte[] image, Progress progress, Cancellation cancellation) {
    cancellation.check();
    long startNanos = System.nanoTime();
    Bitmap picture = decoder.decode(image);
    cancellation.check();
    int width = picture.width();
    int height = picture.height();
    GridLayout layout = plan.layout(width, height);
    try {
      return encode(picture, layout, startNanos, progress, cancellation);
    } catch (OutOfMemoryError | ArithmeticException | ResourceExhaustedException e) {
      throw new ResourceExhaustedException(
          "image of %dx%d pixels: no memory to encode it at %dx%d: use a smaller picture or raise -Xmx (a heap of %d bytes now)"
              .formatted(
                  width,
                  height,
                  layout.whole().width(),
                  layout.whole().height(),
                  Runtime.getRuntime().maxMemory()),
          e);
    }
  }

  private ImageTokens encode(
      Bitmap picture,
      GridLayout layout,
      long startNanos,
      Progress progress,
      Cancellation cancellation) {
    List<Bitmap> pictures = plan.cut(picture, layout);
    long preparedNanos = System.nanoTime();
    TensorView embeddings = runner.run(pictures, progress, cancellation);
    long endNanos = System.nanoTime();
    ImageReport report =
        report(
            picture.width(),
            picture.height(),
            layout,
            preparedNanos - startNanos,
            endNanos - preparedNanos);
    LOG.debug("encoded {}", report);
    return new ImageTokens(embeddings, plan.parts(layout, tokenCounts(layout)), report);
  }

  private List<Integer> tokenCounts(GridLayout layout) {
    int patchSize = model.config().patchSize();
    return layout.sizes().stream().map(s -> model.tokenCount(s.patches(patchSize))).toList();
  }

  @Override
  public String describe() {
    return "%s: tower %d x %d blocks, %s, %s"
        .formatted(
            id,
            model.config().embeddingLength(),
            model.config().blockCount(),
            plan.describe(),
            model.describe());
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (!isClosed) {
        isClosed = true;
        runner.close();
      }
    } finally {
      lock.unlock();
    }
  }

  private ImageReport report(
      int width, int height, GridLayout layout, long prepareNanos, long encodeNanos) {
    TileGrid grid = layout.tiles().map(GridLayout.Tiles::grid).orElse(TileGrid.SINGLE);
    return new ImageReport(
        width,
        height,
        grid.cols(),
        grid.rows(),
        layout.tiles().isPresent(),
        layout.sizes().size(),
        tokenCounts(layout).stream().mapToInt(n -> n).sum(),
        Duration.ofNanos(prepareNanos),
        Duration.ofNanos(encodeNanos));
  }
}
