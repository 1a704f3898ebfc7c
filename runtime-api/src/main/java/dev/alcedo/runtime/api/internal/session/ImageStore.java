// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.ImageTokens;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The pictures of one model: encodes each once, in the background, and keeps the image tokens of
/// those used last within a budget of bytes. Any thread.
final class ImageStore implements AutoCloseable {
  private final Encoder encoder;
  private final long bytesMax;
  private final Cancellation closing = new Cancellation();
  private final ExecutorService worker;
  private final Map<String, PreparedImage> images = new LinkedHashMap<>(16, 0.75f, true);

  ImageStore(Encoder encoder, long bytesMax, String name) {
    this.encoder = encoder;
    this.bytesMax = bytesMax;
    this.worker =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("alcedo-encode-" + name).daemon().factory());
  }

  /// The picture with these bytes: known already, or on its way to be encoded.
  ///
  /// @throws dev.alcedo.runtime.api.InvalidRequestException if they are no picture that we read
  ///
  /// @throws IllegalStateException if the store is closed
  synchronized PreparedImage prepare(byte[] bytes) {
    if (closing.isCancelled()) {
      throw new IllegalStateException("picture: the model is closed");
    }
    String contentHash = hash(bytes);
    PreparedImage known = images.get(contentHash);
    if (known != null) {
      return known;
    }
    var image = new PreparedImage(contentHash, encoder.inspect(bytes));
    images.put(contentHash, image);
    byte[] own = bytes.clone();
    worker.execute(() -> encode(image, own));
    return image;
  }

  private void encode(PreparedImage image, byte[] bytes) {
    try {
      closing.check();
      image.future().complete(encoder.encode(bytes, image::progress, closing));
      shrink();
    } catch (
        Throwable e) { // whatever the decoder or a driver throws, the waiting request hears of it
      forget(image);
      image.future().completeExceptionally(e);
    }
  }

  /// Failures are not kept: who hands the picture in again gets another try, and pictures that
  /// cannot be encoded do not pile up.
  private synchronized void forget(PreparedImage image) {
    images.remove(image.contentHash(), image);
  }

  /// Drops the image tokens used longest ago until the rest fits the budget. Whoever still holds
  /// the picture keeps its tokens.
  private synchronized void shrink() {
    long bytes = images.values().stream().mapToLong(ImageStore::bytes).sum();
    for (Iterator<PreparedImage> i = images.values().iterator();
        bytes > bytesMax && i.hasNext(); ) {
      PreparedImage oldest = i.next();
      if (oldest.future().isDone()) {
        bytes -= bytes(oldest);
        i.remove();
      }
    }
  }

  private static long bytes(PreparedImage image) {
    if (!image.isEncoded()) {
      return 0;
    }
    ImageTokens tokens = image.future().join();
    return tokens.embeddings().byteSize();
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
    synchronized (this) {
      closing.cancel(); // under the lock: no picture is taken in after this
    }
    worker.close();
    synchronized (this) {
      images
          .values()
          .forEach(i ->
              i.future().completeExceptionally(new CancelledException("the model was closed")));
      images.clear();
    }
    encoder.close();
  }
}
