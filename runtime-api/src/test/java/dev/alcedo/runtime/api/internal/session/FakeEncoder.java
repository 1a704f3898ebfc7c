// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.EncodeListener;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.ImageReport;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/// "Pictures" of one byte `n`: `n` image tokens of 4 columns, all equal to `n`; 0 is no picture, 99
/// fails when it is encoded, 98 with an Error. Encoding waits for a gate, if there is one.
final class FakeEncoder implements Encoder {
  static final int COLS = 4;

  final AtomicInteger encodeCount = new AtomicInteger();
  final AtomicInteger releaseCount = new AtomicInteger();
  final CompletableFuture<Void> started = new CompletableFuture<>();
  volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);
  volatile boolean isClosed;

  @Override
  public ImageReport inspect(byte[] image) {
    if (isClosed) {
      throw new AssertionError("inspect after close");
    }
    if (image[0] == 0) {
      throw new InvalidRequestException("no picture");
    }
    return report(image[0], Duration.ZERO);
  }

  private static ImageReport report(int count, Duration time) {
    return new ImageReport(1, 1, 1, 1, true, 1, count, time, time);
  }

  @Override
  public List<ImageTokens.Part> layout(byte[] image) {
    return List.of(new ImageTokens.Part.Span(0, image[0]));
  }

  @Override
  public void release() {
    releaseCount.incrementAndGet();
  }

  @Override
  public ImageTokens encode(byte[] image, EncodeListener progress, Cancellation cancellation) {
    encodeCount.incrementAndGet();
    started.complete(null);
    progress.report("image", 0, 1);
    while (!gate.isDone()) {
      cancellation.check();
      Thread.onSpinWait();
    }
    cancellation.check();
    switch (image[0]) {
      case 99 -> throw new InvalidRequestException("broken picture");
      case 98 -> throw new StackOverflowError("broken decoder");
      default -> {}
    }
    progress.report("image", 1, 1);
    var values = new float[image[0] * COLS];
    java.util.Arrays.fill(values, image[0]);
    return new ImageTokens(
        TensorView.ofFloats(values, image[0], COLS),
        layout(image),
        report(image[0], Duration.ofMillis(1)));
  }

  @Override
  public String describe() {
    return "fake";
  }

  @Override
  public void close() {
    isClosed = true;
  }
}
