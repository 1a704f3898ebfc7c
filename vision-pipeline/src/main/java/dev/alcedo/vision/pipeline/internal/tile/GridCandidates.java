// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The grids that a rule chooses from, in the order in which it looks at them.
final class GridCandidates {
  private GridCandidates() {}

  /// All grids of up to `colsMax` x `rowsMax` and `tileCountMax` tiles, largest first: 3:3, 3:2,
  /// 3:1, 2:3, ... 1:1.
  static List<TileGrid> descending(int colsMax, int rowsMax, int tileCountMax) {
    var grids = new ArrayList<TileGrid>();
    for (int cols = colsMax; cols >= 1; cols--) {
      for (int rows = Math.min(rowsMax, tileCountMax / cols); rows >= 1; rows--) {
        grids.add(new TileGrid(cols, rows));
      }
    }
    return List.copyOf(grids);
  }

  /// All grids of up to `tileCountMax` tiles, fewest tiles first, then fewest columns.
  static List<TileGrid> byTileCount(int tileCountMax) {
    var grids = new ArrayList<TileGrid>();
    for (int cols = 1; cols <= tileCountMax; cols++) {
      for (int rows = 1; rows <= tileCountMax / cols; rows++) {
        grids.add(new TileGrid(cols, rows));
      }
    }
    grids.sort(Comparator.comparingInt(TileGrid::tileCount).thenComparingInt(TileGrid::cols));
    return List.copyOf(grids);
  }
}
