// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

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
import dev.alcedo.vision.pipeline.internal.projector.Projector;
import dev.alcedo.vision.pipeline.internal.tile.TileLayout;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import dev.alcedo.vision.pipeline.internal.tower.VisionTower;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Encodes pictures as tiles of one size: decode, cut, then tower and projector over batches of
/// tiles. The same for all models of this kind; [TilePlan] and [Projector] hold the differences.
final class TileEncoder implements Encoder {
  private static final Logger LOG = LoggerFactory.getLogger(TileEncoder.class);

  private final String id;
  private final TowerConfig config;
  private final Projector projector;
  private final TilePlan plan;
  private final ImageDecoder decoder;
  private final TileRunner runner;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean isClosed;

  private TileEncoder(
      String id,
      EncoderContext context,
      TowerConfig config,
      Projector projector,
      TilePlan plan,
      TileRunner runner) {
    this.id = id;
    this.config = config;
    this.projector = projector;
    this.plan = plan;
    this.runner = runner;
    decoder = new ImageDecoder(context.imageOptions());
  }

  /// Checks all tensors and compiles the graphs.
  static Encoder open(
      String id, EncoderContext context, VisionTower tower, Projector projector, TilePlan plan) {
    TileRunner runner = TileRunner.open(context, tower, projector);
    return new TileEncoder(id, context, tower.config(), projector, plan, runner);
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
    TileLayout layout = plan.layout(picture.width(), picture.height());
    List<Bitmap> tiles = plan.cut(picture, layout);
    long preparedNanos = System.nanoTime();
    TensorView embeddings = runner.run(tiles, progress, cancellation);
    long endNanos = System.nanoTime();
    ImageReport report =
        report(
            picture.width(),
            picture.height(),
            layout,
            preparedNanos - startNanos,
            endNanos - preparedNanos);
    LOG.debug("encoded {}", report);
    return new ImageTokens(embeddings, plan.parts(layout, projector.tokensPerTile()), report);
  }

  @Override
  public int bidirectionalTokenCountMax() {
    return plan.isBidirectional() ? projector.tokensPerTile() : 0;
  }

  @Override
  public String describe() {
    return "%s: tower %d x %d blocks, tiles of %d, %s, %d tokens a tile"
        .formatted(
            id,
            config.embeddingLength(),
            config.blockCount(),
            config.imageSize(),
            projector.describe(),
            projector.tokensPerTile());
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
      int width, int height, TileLayout layout, long prepareNanos, long encodeNanos) {
    return new ImageReport(
        width,
        height,
        layout.grid().cols(),
        layout.grid().rows(),
        layout.hasOverview(),
        layout.tileCount(),
        layout.tileCount() * projector.tokensPerTile(),
        Duration.ofNanos(prepareNanos),
        Duration.ofNanos(encodeNanos));
  }
}
