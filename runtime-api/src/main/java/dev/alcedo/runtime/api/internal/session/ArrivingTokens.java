// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.tensor.TensorView;

/// Image tokens of a picture, some of which may still be on their way. Any thread.
interface ArrivingTokens {
  /// Those that are there: the first so many. Never fewer than before.
  ///
  /// @throws dev.alcedo.runtime.api.VlmException if the others will never come
  int arrivedCount();

  /// `[tokens, embeddingLength]` F32; the first [#arrivedCount()] rows are final, and with at least
  /// one of them this may be called.
  TensorView embeddings();

  /// A picture that is encoded already.
  static ArrivingTokens of(ImageTokens tokens) {
    return new ArrivingTokens() {
      @Override
      public int arrivedCount() {
        return tokens.embeddings().shape().dim(0);
      }

      @Override
      public TensorView embeddings() {
        return tokens.embeddings();
      }
    };
  }
}
