// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.EncoderProvider;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.vision.pipeline.internal.tower.TowerStyle;

/// Encoders for Qwen2-VL (arXiv 2409.12191).
public final class Qwen2VlEncoderProvider implements EncoderProvider {
  /// For ServiceLoader.
  public Qwen2VlEncoderProvider() {}

  @Override
  public String id() {
    return KnownProjectors.QWEN2VL;
  }

  @Override
  public Support supports(Metadata mmproj) {
    return KnownProjectors.supports(mmproj, id());
  }

  @Override
  public Encoder open(EncoderContext context) {
    return QwenEncoders.open(id(), context, TowerStyle.Norm.LAYER);
  }
}
