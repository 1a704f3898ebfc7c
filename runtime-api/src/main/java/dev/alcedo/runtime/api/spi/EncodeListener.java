// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import dev.alcedo.runtime.api.tensor.TensorView;

/// Hears of an encoding as it goes on. Called by the encoder's threads one event at a time; must
/// return quickly and not throw.
@FunctionalInterface
public interface EncodeListener extends Progress {
  /// Nobody listens.
  EncodeListener NONE = (step, done, total) -> {};

  /// The first `tokenCount` image tokens have their final values; the others come later, to the
  /// same memory.
  ///
  /// @param embeddings `[tokens, embeddingLength]` F32 row-major, of the whole picture
  /// @param tokenCount more than before, up to all
  default void arrived(TensorView embeddings, int tokenCount) {}
}
