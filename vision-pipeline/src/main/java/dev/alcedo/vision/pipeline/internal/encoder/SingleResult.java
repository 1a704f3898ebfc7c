// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.spi.EncodeListener;
import dev.alcedo.runtime.api.spi.Encoding;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The end of one picture, for a caller that waits for it. One thread.
final class SingleResult implements Encoding.Result {
  private final EncodeListener listener;
  private @Nullable ImageTokens tokens;
  private @Nullable Throwable failure;

  SingleResult(EncodeListener listener) {
    this.listener = listener;
  }

  @Override
  public void report(String step, long done, long total) {
    listener.report(step, done, total);
  }

  @Override
  public void arrived(TensorView embeddings, int tokenCount) {
    listener.arrived(embeddings, tokenCount);
  }

  @Override
  public void encoded(ImageTokens result) {
    tokens = result;
  }

  @Override
  public void failed(Throwable cause) {
    failure = cause;
  }

  /// What came of it.
  ///
  /// @throws RuntimeException what the picture failed with
  ImageTokens tokens() {
    return switch (failure) {
      case null -> Objects.requireNonNull(tokens);
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new BackendException("encoding a picture failed: " + e, e);
    };
  }
}
