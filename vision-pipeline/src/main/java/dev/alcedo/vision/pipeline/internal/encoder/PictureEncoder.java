// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.EncodeListener;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.Encoding;
import dev.alcedo.runtime.api.spi.ImageReport;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.spi.Tracer;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.decode.ImageDecoder;
import dev.alcedo.vision.pipeline.internal.decode.ImageHeader;
import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import java.time.Duration;
import java.util.ArrayList;
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
    /// Encodes the tiles of several pictures, as they stand in the list; tells each picture's
    /// listener as its image tokens arrive.
    ///
    /// @throws dev.alcedo.runtime.api.CancelledException if all pictures were cancelled, between
    ///   batches
    void run(List<Tiles> pictures);

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

  /// What other rules would have made of the picture, where there are any.
  List<ImageReport.OtherRule> otherRules(int width, int height) {
    return List.of();
  }

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
    var one = new SingleResult(listener);
    encodeAll(List.of(new Encoding(image, one, cancellation)));
    return one.tokens();
  }

  @Override
  public final void encodeAll(List<Encoding> pictures) {
    lock.lock();
    try {
      requireOpen();
      List<Cut<L>> cuts = new ArrayList<>();
      for (Encoding picture : pictures) {
        try {
          cuts.add(cut(picture));
        } catch (Throwable e) { // whatever a decoder throws is this picture's own
          picture.result().failed(e);
        }
      }
      run(cuts);
    } finally {
      lock.unlock();
    }
  }

  /// A picture on its way: cut, not yet encoded.
  private record Cut<L>(Encoding picture, int width, int height, L layout, Tiles tiles) {}

  private Cut<L> cut(Encoding encoding) {
    encoding.cancellation().check();
    long start = System.nanoTime();
    Bitmap picture;
    try (var _ = tracer.begin(Tracer.Kind.PICTURE, "decode", 1)) {
      picture = decoder.decode(encoding.image());
    }
    encoding.cancellation().check();
    L layout = affordable(picture.width(), picture.height());
    Extent extent = extent(layout);
    List<Bitmap> bitmaps;
    try (var _ = tracer.begin(Tracer.Kind.PICTURE, "cut", extent.tileCount())) {
      bitmaps = cut(picture, layout);
    }
    var tiles =
        new Tiles(bitmaps, extent.tokenCount(), encoding.result(), encoding.cancellation(), start);
    return new Cut<>(encoding, picture.width(), picture.height(), layout, tiles);
  }

  private void run(List<Cut<L>> cuts) {
    if (cuts.isEmpty()) {
      return;
    }
    try {
      ready().run(cuts.stream().map(Cut::tiles).toList());
    } catch (Throwable e) { // a driver's or the machine's: nothing of the batch came of it
      for (Cut<L> cut : cuts) {
        if (!cut.tiles().isComplete()) {
          cut.picture().result().failed(explain(e, cut.width(), cut.height(), cut.layout()));
        }
      }
    }
    cuts.stream().filter(cut -> cut.tiles().isComplete()).forEach(this::finish);
  }

  private void finish(Cut<L> cut) {
    ImageReport report =
        report(
            cut.width(),
            cut.height(),
            cut.layout(),
            cut.tiles().prepareNanos(),
            cut.tiles().encodeNanos());
    LOG.debug("encoded {}", report);
    cut.picture()
        .result()
        .encoded(new ImageTokens(cut.tiles().embeddings(), parts(cut.layout()), report));
  }

  /// What to tell of a picture that could not be encoded.
  Throwable explain(Throwable cause, int width, int height, L layout) {
    return cause;
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
        Duration.ofNanos(encodeNanos),
        otherRules(width, height));
  }
}
