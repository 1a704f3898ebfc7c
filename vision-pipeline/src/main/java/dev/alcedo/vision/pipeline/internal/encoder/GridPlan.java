// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.grid.GridLayout;
import java.util.List;

/// What differs between models that see a picture at its own size: which sizes, and how its image
/// tokens stand in the prompt. Immutable; any thread.
interface GridPlan {
  /// The layout for a picture of `width` x `height` pixels.
  GridLayout layout(int width, int height);

  /// The whole picture and its tiles at the sizes of `layout`, in the order in which they are
  /// encoded.
  List<Bitmap> cut(Bitmap picture, GridLayout layout);

  /// Embeddings and markers in prompt order.
  ///
  /// @param tokenCounts embeddings of the whole picture and each tile
  List<ImageTokens.Part> parts(GridLayout layout, List<Integer> tokenCounts);

  /// For `alcedo inspect`, e.g. `pictures of 6272 to 3211264 pixels`.
  String describe();
}
