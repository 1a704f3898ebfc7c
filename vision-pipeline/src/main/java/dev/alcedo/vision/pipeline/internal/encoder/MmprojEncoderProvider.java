// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.EncoderProvider;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;

/// What all providers share: they are called like the projector they run, and check that a file
/// belongs to the text model before anything is compiled.
abstract class MmprojEncoderProvider implements EncoderProvider {
  private final String id;

  MmprojEncoderProvider(String id) {
    this.id = id;
  }

  /// Columns of an image token that the file gives.
  ///
  /// @throws dev.alcedo.runtime.api.ModelFormatException if what tells is missing
  abstract int outputLength(EncoderContext context);

  /// Opens the encoder of a file that belongs to the text model.
  ///
  /// @throws dev.alcedo.runtime.api.ModelFormatException if a key or tensor is missing or wrong
  abstract Encoder open(EncoderContext context, TowerConfig config);

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final Support supports(Metadata mmproj) {
    return KnownProjectors.supports(mmproj, id);
  }

  @Override
  public final Encoder open(EncoderContext context) {
    Metadata mmproj = context.mmproj().metadata();
    if (supports(mmproj) instanceof Support.Unsupported(String why)) {
      throw new UnsupportedModelException("%s: %s".formatted(mmproj.source(), why));
    }
    TowerConfig config = TowerConfig.of(mmproj);
    int outputLength = outputLength(context);
    if (outputLength != context.embeddingLength()) {
      throw new UnsupportedModelException(
          "%s: makes image tokens of %d columns, the text model has %d: this mmproj file belongs to another model"
              .formatted(mmproj.source(), outputLength, context.embeddingLength()));
    }
    return open(context, config);
  }
}
