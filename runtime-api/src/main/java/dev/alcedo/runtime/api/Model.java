// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import dev.alcedo.runtime.api.spi.Tokenizer;

/// A loaded model. Any thread; who loaded it closes it, after its sessions.
public interface Model extends AutoCloseable {
  /// What it is, where it runs, what it takes.
  ModelInfo info();

  /// Its tokenizer.
  Tokenizer tokenizer();

  /// Hands in a picture; encoding begins at once, in the background. The same picture again is not
  /// encoded again while its image tokens are in the cache.
  ///
  /// @param image the encoded bytes (PNG, JPEG, GIF, BMP, WebP); not kept
  /// @throws InvalidRequestException if they are no picture that we read, exceed a limit, or the
  ///   model was loaded without an mmproj file
  Image prepare(byte[] image);

  /// Opens a session with an empty KV cache.
  ///
  /// @throws ResourceExhaustedException if there is no memory for it
  Session openSession();

  @Override
  void close();
}
