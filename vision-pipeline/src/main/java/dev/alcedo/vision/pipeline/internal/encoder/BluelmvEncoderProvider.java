// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.EncoderProvider;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.vision.pipeline.internal.projector.DownsampleMlp;
import dev.alcedo.vision.pipeline.internal.tower.ClipNames;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;

/// Encoders for BlueLM-V-3B's architecture (arXiv 2411.10640): SigLIP tower, 2x2 downsampler,
/// two-layer projector, tiles by relaxed aspect-ratio matching.
public final class BluelmvEncoderProvider implements EncoderProvider {
  private static final int SCALE_FACTOR_DEFAULT = 2;
  private static final int SCALE_FACTOR_MAX = 16;
  private static final int LENGTH_MAX = 1 << 16;

  /// For ServiceLoader.
  public BluelmvEncoderProvider() {}

  @Override
  public String id() {
    return KnownProjectors.BLUELMV;
  }

  @Override
  public Support supports(Metadata mmproj) {
    return KnownProjectors.supports(mmproj, id());
  }

  @Override
  public Encoder open(EncoderContext context) {
    Metadata mmproj = context.mmproj().metadata();
    if (supports(mmproj) instanceof Support.Unsupported(String why)) {
      throw new UnsupportedModelException("%s: %s".formatted(mmproj.source(), why));
    }
    TowerConfig config = TowerConfig.of(mmproj);
    checkFits(mmproj, context.embeddingLength());
    int scaleFactor =
        mmproj.integer(ClipNames.SCALE_FACTOR, 1, SCALE_FACTOR_MAX, SCALE_FACTOR_DEFAULT);
    var projector =
        new DownsampleMlp(config, scaleFactor, context.embeddingLength(), context.mmproj());
    var plan = BluelmvTilePlan.of(mmproj, config.imageSize(), context.imageOptions());
    return TileEncoder.open(id(), context, config, projector, plan);
  }

  private static void checkFits(Metadata mmproj, int embeddingLength) {
    int output = mmproj.integer(ClipNames.PROJECTION_DIM, 1, LENGTH_MAX);
    if (output != embeddingLength) {
      throw new UnsupportedModelException(
          "%s: makes image tokens of %d columns, the text model has %d: this mmproj file belongs to another model"
              .formatted(mmproj.source(), output, embeddingLength));
    }
  }
}
