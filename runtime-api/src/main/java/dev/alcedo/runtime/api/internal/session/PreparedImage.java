// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.EncodeListener;
import dev.alcedo.runtime.api.spi.ImageReport;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A picture that is being encoded or has been.
final class PreparedImage implements Image, ArrivingTokens, EncodeListener {
  /// How often a wait looks at its cancellation.
  private static final Duration CANCEL_CHECK = Duration.ofMillis(20);

  private final ImageStore owner;
  private final String handle;
  private final String contentHash;
  private final ImageReport planned;
  private final List<ImageTokens.Part> parts;
  private final Cancellation discarded = new Cancellation();
  private final CompletableFuture<ImageTokens> tokens = new CompletableFuture<>();
  private final List<Progress> listeners = new CopyOnWriteArrayList<>();
  private volatile Arrived arrived = new Arrived(null, 0);

  /// Published as one, so that whoever sees the count sees the rows.
  private record Arrived(@Nullable TensorView embeddings, int tokenCount) {}

  /// @param planned what encoding will give
  /// @param parts how the image tokens will stand in the prompt
  PreparedImage(
      ImageStore owner,
      String handle,
      String contentHash,
      ImageReport planned,
      List<ImageTokens.Part> parts) {
    this.owner = owner;
    this.handle = handle;
    this.contentHash = contentHash;
    this.planned = planned;
    this.parts = List.copyOf(parts);
  }

  /// Who encodes it.
  ImageStore owner() {
    return owner;
  }

  /// How the image tokens stand in the prompt.
  List<ImageTokens.Part> parts() {
    return parts;
  }

  CompletableFuture<ImageTokens> future() {
    return tokens;
  }

  /// Set when nobody wants it any more.
  Cancellation discarded() {
    return discarded;
  }

  /// Tells `listener` of progress until it is forgotten or the picture is encoded.
  void listen(Progress listener) {
    listeners.add(listener);
    if (tokens.isDone()) {
      listeners.clear();
    }
  }

  /// Tells `listener` no more.
  void forget(Progress listener) {
    listeners.remove(listener);
  }

  /// Passes progress on to whoever waits.
  @Override
  public void report(String step, long done, long total) {
    listeners.forEach(l -> l.report(step, done, total));
  }

  @Override
  public void arrived(TensorView embeddings, int tokenCount) {
    arrived = new Arrived(embeddings, tokenCount);
    owner.arrived();
  }

  /// All image tokens are there.
  void complete(ImageTokens encoded) {
    arrived = new Arrived(encoded.embeddings(), encoded.embeddings().shape().dim(0));
    tokens.complete(encoded);
    end();
  }

  /// There will be no more of them.
  void fail(Throwable cause) {
    tokens.completeExceptionally(cause);
    end();
  }

  private void end() {
    listeners.clear();
    owner.arrived();
  }

  @Override
  public int arrivedCount() {
    if (tokens.isCompletedExceptionally()) {
      throw asVlm(tokens.exceptionNow());
    }
    return arrived.tokenCount();
  }

  @Override
  public TensorView embeddings() {
    return Objects.requireNonNull(arrived.embeddings());
  }

  @Override
  public String handle() {
    return handle;
  }

  @Override
  public String contentHash() {
    return contentHash;
  }

  @Override
  public ImageReport report() {
    return isEncoded() ? tokens.join().report() : planned;
  }

  @Override
  public boolean isEncoded() {
    return tokens.isDone() && !tokens.isCompletedExceptionally();
  }

  @Override
  public ImageReport await() {
    return await(Progress.NONE, new Cancellation()).report();
  }

  /// Waits for the image tokens. Cancelling the wait does not stop the encoding: the picture may be
  /// asked about again.
  ///
  /// @throws VlmException if the picture could not be encoded, or the wait was cancelled
  ImageTokens await(Progress progress, Cancellation cancellation) {
    listen(progress);
    try {
      while (true) {
        cancellation.check();
        try {
          return tokens.get(CANCEL_CHECK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
          // Not yet: look at the cancellation again.
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("interrupted while a picture was encoded", e);
    } catch (ExecutionException e) {
      throw asVlm(e.getCause());
    } finally {
      forget(progress);
    }
  }

  private static VlmException asVlm(Throwable cause) {
    return switch (cause) {
      case VlmException e -> e;
      case OutOfMemoryError e ->
          ResourceExhaustedException.ofMemory(
              "out of memory while encoding a picture: give a smaller one or fewer tiles", e);
      default -> new BackendException("encoding a picture failed: " + cause, cause);
    };
  }
}
