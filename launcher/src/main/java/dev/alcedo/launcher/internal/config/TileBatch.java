// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import dev.alcedo.runtime.api.ImageOptions;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Tiles of a batch on the command line: a number, or `auto`.
public final class TileBatch implements ITypeConverter<Integer> {
  private static final String AUTO = "auto";
  private static final int MAX = 64;

  /// Called by picocli.
  public TileBatch() {}

  @Override
  public Integer convert(String text) {
    if (text.equals(AUTO)) {
      return ImageOptions.TILE_BATCH_MEASURED;
    }
    try {
      int count = Integer.parseInt(text);
      if (count >= 1 && count <= MAX) {
        return count;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw new TypeConversionException("expected 1 to %d or auto, got '%s'".formatted(MAX, text));
  }
}
