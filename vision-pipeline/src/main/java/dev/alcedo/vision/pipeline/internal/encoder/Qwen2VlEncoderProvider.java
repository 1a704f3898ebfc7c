// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.vision.pipeline.internal.tower.TowerStyle;

/// Encoders for Qwen2-VL (Wang et al., arXiv 2409.12191): layer norms, and every block sees the
/// whole picture.
public final class Qwen2VlEncoderProvider extends QwenEncoderProvider {
  /// For ServiceLoader.
  public Qwen2VlEncoderProvider() {
    super(KnownProjectors.QWEN2VL, TowerStyle.Norm.LAYER);
  }
}
