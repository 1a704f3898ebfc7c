// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;

/// What providers for towers that see pictures of any size share. Subclasses say what a model is
/// made of.
abstract class GridEncoderProvider extends MmprojEncoderProvider {
  GridEncoderProvider(String id) {
    super(id);
  }

  /// Tower and projector.
  ///
  /// @throws dev.alcedo.runtime.api.ModelFormatException if a key is missing or out of range
  abstract GridModel model(EncoderContext context, TowerConfig config);

  /// Sizes and markers.
  ///
  /// @throws dev.alcedo.runtime.api.ModelFormatException if a key is missing or out of range
  abstract GridPlan plan(EncoderContext context, TowerConfig config);

  @Override
  final Encoder open(EncoderContext context, TowerConfig config) {
    GridModel model = model(context, config);
    return GridEncoder.open(id(), context, model, plan(context, config));
  }
}
