// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.EncodeListener;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.ImageReport;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.spi.Tracer;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.decode.ImageDecoder;
import dev.alcedo.vision.pipeline.internal.decode.ImageHeader;
import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of a picture that all encoders have: decode, lay out, cut, run the graphs; one picture
/// at a time. Subclasses say how pictures are laid out and what runs.
///
/// @param <L> what a picture becomes, before its pixels are looked at
abstract class PictureEncoder<L> implements Encoder {
  private static final Logger LOG = LoggerFactory.getLogger(PictureEncoder.class);

  private final String id;
  private final ImageDecoder decoder;
  private final Tracer tracer;
  private final int tokensMax;
  private final Supplier<? extends Graphs> opener;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Graphs graphs;
  private boolean isClosed;

  /// Compiled graphs with their memory.
  interface Graphs extends AutoCloseable {
    /// Embeddings of `pictures`, one after the other: `[tokens, embeddingLength]`.
    TensorView run(List<Bitmap> pictures, EncodeListener listener, Cancellation cancellation);

    @Override
    void close();
  }

  /// What a layout comes to, for the report.
  ///
  /// @param grid of tiles
  /// @param hasOverview whether the whole picture is encoded besides them
  /// @param tileCount tiles encoded, overview included
  /// @param tokenCount image tokens
  record Extent(TileGrid grid, boolean hasOverview, int tileCount, int tokenCount) {}

  /// @param opener compiles, when first needed; what it gives is closed when it is released
  PictureEncoder(String id, EncoderContext context, Supplier<? extends Graphs> opener) {
    ImageOptions options = context.imageOptions();
    this.id = id;
    this.tracer = context.tracer();
    this.decoder = new ImageDecoder(options);
    this.tokensMax = options.tokensMax();
    this.opener = opener;
  }

  /// The layout of a picture of `width` x `height` pixels.
  abstract L layout(int width, int height);

  /// What the layout comes to.
  abstract Extent extent(L layout);

  /// The tiles or pictures to encode.
  abstract List<Bitmap> cut(Bitmap picture, L layout);

  /// Embeddings and markers in prompt order.
  abstract List<ImageTokens.Part> parts(L layout);

  /// The projector's name.
  final String id() {
    return id;
  }

  @Override
  public final ImageReport inspect(byte[] image) {
    ImageHeader header = decoder.inspect(image);
    int width = header.uprightWidth();
    int height = header.uprightHeight();
    return report(width, height, affordable(width, height), 0, 0);
  }

  @Override
  public final List<ImageTokens.Part> layout(byte[] image) {
    ImageHeader header = decoder.inspect(image);
    return parts(affordable(header.uprightWidth(), header.uprightHeight()));
  }

  @Override
  public final ImageTokens encode(
      byte[] image, EncodeListener listener, Cancellation cancellation) {
    lock.lock();
    try {
      requireOpen();
      cancellation.check();
      long startNanos = System.nanoTime();
      Bitmap picture;
      try (var _ = tracer.begin(Tracer.Kind.PICTURE, "decode", 1)) {
        picture = decoder.decode(image);
      }
      cancellation.check();
      L layout = affordable(picture.width(), picture.height());
      return encode(picture, layout, startNanos, listener, cancellation);
    } finally {
      lock.unlock();
    }
  }

  /// The layout, if its image tokens are within the user's limit.
  ///
  /// @throws InvalidRequestException if they are not
  private L affordable(int width, int height) {
    L layout = layout(width, height);
    Extent extent = extent(layout);
    if (tokensMax > 0 && extent.tokenCount() > tokensMax) {
      throw new InvalidRequestException(
          "image of %dx%d pixels: its grid of %s gives %d image tokens, at most %d are allowed: raise --image-max-tokens or give a smaller picture"
              .formatted(width, height, extent.grid(), extent.tokenCount(), tokensMax));
    }
    return layout;
  }

  /// Encodes a decoded picture.
  ///
  /// @param startNanos when decoding began
  ImageTokens encode(
      Bitmap picture,
      L layout,
      long startNanos,
      EncodeListener listener,
      Cancellation cancellation) {
    List<Bitmap> pictures;
    try (var _ = tracer.begin(Tracer.Kind.PICTURE, "cut", extent(layout).tileCount())) {
      pictures = cut(picture, layout);
    }
    long preparedNanos = System.nanoTime();
    TensorView embeddings = ready().run(pictures, listener, cancellation);
    long endNanos = System.nanoTime();
    ImageReport report =
        report(
            picture.width(),
            picture.height(),
            layout,
            preparedNanos - startNanos,
            endNanos - preparedNanos);
    LOG.debug("encoded {}", report);
    return new ImageTokens(embeddings, parts(layout), report);
  }

  private void requireOpen() {
    if (isClosed) {
      throw new IllegalStateException("encoder '%s' is closed".formatted(id));
    }
  }

  private Graphs ready() {
    Graphs known = graphs;
    if (known != null) {
      return known;
    }
    try (var _ = tracer.begin(Tracer.Kind.MODEL, "load of the encoder", 1)) {
      Graphs opened = opener.get();
      graphs = opened;
      return opened;
    }
  }

  @Override
  public final void load() {
    lock.lock();
    try {
      requireOpen();
      ready();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final void release() {
    lock.lock();
    try {
      Graphs known = graphs;
      graphs = null;
      if (known != null) {
        known.close();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final void close() {
    lock.lock();
    try {
      isClosed = true;
      release();
    } finally {
      lock.unlock();
    }
  }

  private ImageReport report(int width, int height, L layout, long prepareNanos, long encodeNanos) {
    Extent extent = extent(layout);
    return new ImageReport(
        width,
        height,
        extent.grid().cols(),
        extent.grid().rows(),
        extent.hasOverview(),
        extent.tileCount(),
        extent.tokenCount(),
        Duration.ofNanos(prepareNanos),
        Duration.ofNanos(encodeNanos));
  }
}
