// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import dev.alcedo.runtime.api.spi.Stage;

/// What one stage takes, in bytes. A weight that several stages share is counted at the first.
///
/// @param mappedBytes weights that are read where their file is mapped
/// @param residentBytes weights that the backend holds in a form of its own
/// @param scratchBytes intermediate values and buffers
public record StageMemory(Stage stage, long mappedBytes, long residentBytes, long scratchBytes) {
  /// Weights in both forms.
  public long weightBytes() {
    return mappedBytes + residentBytes;
  }
}
