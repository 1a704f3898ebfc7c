// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.EncodeListener;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.EncoderProvider;
import dev.alcedo.runtime.api.spi.ImageReport;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.time.Duration;
import java.util.List;

/// Every picture has the same spans of image tokens, all zeros.
///
/// @param bidirectionalTokenCountMax what the encoder promises
/// @param cols of the image tokens
record SpanEncoder(int bidirectionalTokenCountMax, int cols, List<ImageTokens.Part.Span> spans)
    implements EncoderProvider, Encoder {
  SpanEncoder(int bidirectionalTokenCountMax, int cols, ImageTokens.Part.Span... spans) {
    this(bidirectionalTokenCountMax, cols, List.of(spans));
  }

  @Override
  public String id() {
    return "spans";
  }

  @Override
  public int weight() {
    return 1;
  }

  @Override
  public Support supports(Metadata mmproj) {
    return Support.SUPPORTED;
  }

  @Override
  public Encoder open(EncoderContext context) {
    return this;
  }

  @Override
  public ImageReport inspect(byte[] image) {
    return new ImageReport(1, 1, 1, 1, false, 1, count(), Duration.ZERO, Duration.ZERO);
  }

  private int count() {
    return spans.stream().mapToInt(s -> s.tokenStart() + s.tokenCount()).max().orElseThrow();
  }

  @Override
  public List<ImageTokens.Part> layout(byte[] image) {
    return List.copyOf(spans);
  }

  @Override
  public ImageTokens encode(byte[] image, EncodeListener listener, Cancellation cancellation) {
    TensorView zeros = TensorView.ofFloats(new float[count() * cols], count(), cols);
    return new ImageTokens(zeros, List.copyOf(spans), inspect(image));
  }

  @Override
  public String describe() {
    return "spans";
  }

  @Override
  public void close() {}
}
