// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.CancelledException;
import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.ImageReport;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.spi.Progress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A picture that is being encoded or has been.
final class PreparedImage implements Image {
  /// How often a wait looks at its cancellation.
  private static final Duration CANCEL_CHECK = Duration.ofMillis(20);

  private final String contentHash;
  private final ImageReport planned;
  private final CompletableFuture<ImageTokens> tokens = new CompletableFuture<>();
  private final List<Progress> listeners = new CopyOnWriteArrayList<>();

  PreparedImage(String contentHash, ImageReport planned) {
    this.contentHash = contentHash;
    this.planned = planned;
  }

  CompletableFuture<ImageTokens> future() {
    return tokens;
  }

  /// Passes progress on to whoever waits.
  void progress(String step, long done, long total) {
    listeners.forEach(l -> l.report(step, done, total));
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
    listeners.add(progress);
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
      listeners.remove(progress);
    }
  }

  private static VlmException asVlm(Throwable cause) {
    return switch (cause) {
      case VlmException e -> e;
      case OutOfMemoryError e ->
          new ResourceExhaustedException(
              "out of memory while encoding a picture: give a smaller one or fewer tiles", e);
      default -> new BackendException("encoding a picture failed: " + cause, cause);
    };
  }
}
