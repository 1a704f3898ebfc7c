// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.EncoderProvider;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;

/// What providers for towers that see pictures of any size share: the order in which a file is read
/// and checked. Subclasses say what a model is made of.
abstract class GridEncoderProvider implements EncoderProvider {
  private final String id;

  GridEncoderProvider(String id) {
    this.id = id;
  }

  /// Columns of an image token that the file gives.
  ///
  /// @throws dev.alcedo.runtime.api.ModelFormatException if the tensor that tells is missing
  abstract int outputLength(ModelFile mmproj);

  /// Tower and projector.
  ///
  /// @throws dev.alcedo.runtime.api.ModelFormatException if a key is missing or out of range
  abstract GridModel model(EncoderContext context, TowerConfig config);

  /// Sizes and markers.
  ///
  /// @throws dev.alcedo.runtime.api.ModelFormatException if a key is missing or out of range
  abstract GridPlan plan(EncoderContext context, TowerConfig config);

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
    int outputLength = outputLength(context.mmproj());
    if (outputLength != context.embeddingLength()) {
      throw new UnsupportedModelException(
          "%s: makes image tokens of %d columns, the text model has %d: this mmproj file belongs to another model"
              .formatted(mmproj.source(), outputLength, context.embeddingLength()));
    }
    GridModel model = model(context, config);
    return GridEncoder.open(id, context, model, plan(context, config));
  }
}
