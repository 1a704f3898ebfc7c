// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.vision.pipeline.internal.tower.TowerStyle;

/// Encoders for Qwen2.5-VL (Bai et al., arXiv 2502.13923): RMS norms, gated feed-forward parts,
/// windows.
public final class Qwen25VlEncoderProvider extends QwenEncoderProvider {
  /// For ServiceLoader.
  public Qwen25VlEncoderProvider() {
    super(KnownProjectors.QWEN25VL, TowerStyle.Norm.RMS);
  }
}
