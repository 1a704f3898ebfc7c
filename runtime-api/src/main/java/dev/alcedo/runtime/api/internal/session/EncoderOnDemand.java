// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.EncodeListener;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.Encoding;
import dev.alcedo.runtime.api.spi.ImageReport;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.spi.ModelFile;
import java.util.List;

/// An encoder that leaves nothing behind in memory when it is released: the pages of its file are
/// given back too.
///
/// @param file which the encoder's weights are mapped from
record EncoderOnDemand(Encoder encoder, ModelFile file) implements Encoder {
  @Override
  public ImageReport inspect(byte[] image) {
    return encoder.inspect(image);
  }

  @Override
  public List<ImageTokens.Part> layout(byte[] image) {
    return encoder.layout(image);
  }

  @Override
  public ImageTokens encode(byte[] image, EncodeListener listener, Cancellation cancellation) {
    return encoder.encode(image, listener, cancellation);
  }

  @Override
  public void encodeAll(List<Encoding> pictures) {
    encoder.encodeAll(pictures);
  }

  @Override
  public void load() {
    encoder.load();
  }

  @Override
  public void release() {
    encoder.release();
    file.tensors().values().stream()
        .map(tensor -> tensor.data())
        .filter(data -> data.isMapped())
        .forEach(data -> data.unload());
    // Backends leave packed weights to the garbage collector, which sees a few objects and no need
    // to hurry; the gigabyte behind them is wanted now.
    System.gc();
  }

  @Override
  public int bidirectionalTokenCountMax() {
    return encoder.bidirectionalTokenCountMax();
  }

  @Override
  public String describe() {
    return encoder.describe();
  }

  @Override
  public void close() {
    encoder.close();
  }
}
