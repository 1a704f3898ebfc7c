// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.EncodingOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.Encoding;
import dev.alcedo.runtime.api.spi.ImageReport;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.spi.Tracer;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/// The pictures of one model: encodes each once, in the background and in order of arrival, and
/// keeps the image tokens of those used last. Any thread.
final class ImageStore implements AutoCloseable {
  /// Encoded bytes of the pictures that wait, in all.
  private static final long WAITING_BYTES_MAX = 256L << 20;

  /// Pictures that are encoded together: all are cut before the first batch runs.
  private static final int GROUP_MAX = 8;

  private final Encoder encoder;
  private final Limits limits;
  private final Tracer tracer;
  private final Runnable onArrival;
  private final ImageShelf shelf;
  private final ExecutorService worker;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private long hits;
  private long misses;
  private boolean isClosed;

  /// A picture with its own copy of the encoded bytes.
  private record Waiting(PreparedImage image, byte[] bytes) {}

  /// What the pictures of a model must keep to.
  ///
  /// @param name of the model, for messages
  /// @param contextLength positions of a session
  /// @param embeddingLength columns of an image token
  /// @param isReleasing whether the encoder is released once no picture waits
  record Limits(
      String name,
      int contextLength,
      int embeddingLength,
      EncodingOptions options,
      boolean isReleasing) {}

  /// @param encoder closed with the store
  /// @param onArrival called by the encoding thread when image tokens have arrived, or will not
  /// @param nanoTime tells the time
  ImageStore(
      Encoder encoder, Limits limits, Tracer tracer, Runnable onArrival, LongSupplier nanoTime) {
    this.encoder = encoder;
    this.limits = limits;
    this.tracer = tracer;
    this.onArrival = onArrival;
    this.shelf = new ImageShelf(limits.options(), nanoTime);
    this.worker =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("alcedo-encode-" + limits.name()).daemon().factory());
  }

  /// The picture with these bytes: known already, or on its way to be encoded.
  ///
  /// @throws InvalidRequestException if they are no picture that we read
  /// @throws ResourceExhaustedException if it does not fit the context, or too many wait
  /// @throws IllegalStateException if the store is closed
  synchronized PreparedImage prepare(byte[] bytes) {
    requireOpen();
    String contentHash = hash(bytes);
    PreparedImage known = shelf.withContent(contentHash);
    if (known != null) {
      hits++;
      return known;
    }
    ImageReport planned = encoder.inspect(bytes);
    requireFit(planned);
    if (waitingBytes + bytes.length > WAITING_BYTES_MAX) {
      throw ResourceExhaustedException.ofMemory(
          "picture of %d bytes: %d pictures of %d bytes wait to be encoded already, at most %d bytes may: hand it in later"
              .formatted(bytes.length, waiting.size(), waitingBytes, WAITING_BYTES_MAX),
          null);
    }
    var image =
        new PreparedImage(this, shelf.newHandle(), contentHash, planned, encoder.layout(bytes));
    shelf.put(image);
    misses++;
    waiting.add(new Waiting(image, bytes.clone()));
    waitingBytes += bytes.length;
    worker.execute(this::encodeWaiting);
    return image;
  }

  /// The picture called `handle`.
  ///
  /// @throws InvalidRequestException if it is not kept any more, or was another model's
  synchronized PreparedImage prepared(String handle) {
    requireOpen();
    PreparedImage image = shelf.withHandle(handle, limits.name());
    hits++;
    return image;
  }

  /// Forgets the picture called `handle`, and stops what still waits for it.
  void discard(String handle) {
    PreparedImage image;
    synchronized (this) {
      image = shelf.remove(handle);
    }
    if (image != null) {
      image.discarded().cancel();
      image.fail(new CancelledException("the picture was discarded"));
    }
  }

  private void requireOpen() {
    if (isClosed) {
      throw new IllegalStateException("picture: the model is closed");
    }
  }

  /// At least the picture must fit, and something asked about it.
  private void requireFit(ImageReport planned) {
    if (planned.tokenCount() >= limits.contextLength()) {
      throw new ResourceExhaustedException(
          "image of %dx%d pixels: its grid of %d:%d gives %d image tokens, which do not fit the context of %d: raise --context, or lower --image-max-tokens"
              .formatted(
                  planned.width(),
                  planned.height(),
                  planned.gridCols(),
                  planned.gridRows(),
                  planned.tokenCount(),
                  limits.contextLength()));
    }
  }

  /// Encodes what waits, several pictures together: they share batches of tiles.
  private void encodeWaiting() {
    List<Waiting> group = take();
    if (group.isEmpty()) {
      return; // an earlier call took them along
    }
    try (var _ = tracer.begin(Tracer.Kind.PICTURE, "pictures", group.size())) {
      encoder.encodeAll(
          group.stream()
              .map(w -> new Encoding(w.bytes(), new End(w.image()), w.image().discarded()))
              .toList());
    } catch (Throwable e) { // a plugin that breaks its promise: somebody waits for the pictures
      group.stream()
          .filter(w -> !w.image().future().isDone())
          .forEach(w -> new End(w.image()).failed(e));
    }
    if (limits.isReleasing() && isIdle()) {
      try (var _ = tracer.begin(Tracer.Kind.MODEL, "release of the encoder", 1)) {
        encoder.release();
      }
    }
  }

  private synchronized List<Waiting> take() {
    List<Waiting> group = new ArrayList<>();
    while (group.size() < GROUP_MAX && !waiting.isEmpty()) {
      Waiting next = waiting.remove();
      waitingBytes -= next.bytes().length;
      group.add(next);
    }
    return group;
  }

  private synchronized boolean isIdle() {
    return waiting.isEmpty();
  }

  /// What becomes of one picture.
  private final class End implements Encoding.Result {
    private final PreparedImage image;

    End(PreparedImage image) {
      this.image = image;
    }

    @Override
    public void report(String step, long done, long total) {
      image.report(step, done, total);
    }

    @Override
    public void arrived(TensorView embeddings, int tokenCount) {
      image.arrived(embeddings, tokenCount);
    }

    @Override
    public void encoded(ImageTokens tokens) {
      int cols = tokens.embeddings().shape().cols();
      if (cols != limits.embeddingLength() || !tokens.parts().equals(image.parts())) {
        // Requests may have taken the plan at its word.
        failed(
            new IllegalStateException(
                "the encoder planned %s of %d columns and gave %s of %d"
                    .formatted(image.parts(), limits.embeddingLength(), tokens.parts(), cols)));
        return;
      }
      image.complete(tokens);
      synchronized (ImageStore.this) {
        shelf.tidy();
      }
    }

    @Override
    public void failed(Throwable cause) {
      forget(image);
      image.fail(cause);
    }
  }

  /// Failures are not kept: who hands the picture in again gets another try, and pictures that
  /// cannot be encoded do not pile up.
  private synchronized void forget(PreparedImage image) {
    shelf.remove(image.handle());
  }

  /// Image tokens have arrived.
  void arrived() {
    onArrival.run();
  }

  /// What is kept and how often that served.
  ///
  /// @param hits pictures that were known already
  /// @param misses pictures that were taken in
  /// @param kept pictures, those on their way included
  /// @param bytes of their image tokens
  /// @param bytesMax what these may grow to
  record Counts(long hits, long misses, int kept, long bytes, long bytesMax) {
    static final Counts NONE = new Counts(0, 0, 0, 0, 0);
  }

  synchronized Counts counts() {
    return new Counts(
        hits, misses, shelf.images().size(), shelf.bytes(), limits.options().cacheBytes());
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// Stops what is being encoded and closes the encoder.
  @Override
  public void close() {
    List<PreparedImage> all;
    synchronized (this) {
      isClosed = true; // under the lock: no picture is taken in after this
      all = shelf.images();
    }
    all.forEach(image -> image.discarded().cancel());
    worker.close();
    all.forEach(image -> image.fail(new CancelledException("the model was closed")));
    encoder.close();
  }
}
