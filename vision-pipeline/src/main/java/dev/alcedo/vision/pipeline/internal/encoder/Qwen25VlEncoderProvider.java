// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.EncoderProvider;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.vision.pipeline.internal.tower.TowerStyle;

/// Encoders for Qwen2.5-VL (arXiv 2502.13923).
public final class Qwen25VlEncoderProvider implements EncoderProvider {
  /// For ServiceLoader.
  public Qwen25VlEncoderProvider() {}

  @Override
  public String id() {
    return KnownProjectors.QWEN25VL;
  }

  @Override
  public Support supports(Metadata mmproj) {
    return KnownProjectors.supports(mmproj, id());
  }

  @Override
  public Encoder open(EncoderContext context) {
    return QwenEncoders.open(id(), context, TowerStyle.Norm.RMS);
  }
}
