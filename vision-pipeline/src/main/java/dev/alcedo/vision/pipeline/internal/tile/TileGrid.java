// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tile;

/// How many tiles a picture is cut into.
///
/// @param cols tiles across, at least 1
/// @param rows tiles down, at least 1
public record TileGrid(int cols, int rows) {
  /// Tiles along a side at most.
  public static final int SIDE_MAX = 16;

  /// The picture as one tile.
  public static final TileGrid SINGLE = new TileGrid(1, 1);

  /// Checks the range.
  ///
  /// @throws IllegalArgumentException if a side is below 1
  public TileGrid {
    if (cols < 1 || rows < 1) {
      throw new IllegalArgumentException(
          "tile grid: expected sides of at least 1, got %d:%d".formatted(cols, rows));
    }
  }

  /// Tiles in all.
  public int tileCount() {
    return cols * rows;
  }

  @Override
  public String toString() {
    return cols + ":" + rows;
  }
}
