// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import java.util.List;

/// A model's grids under a limit of the user's.
final class CandidateGrids {
  private CandidateGrids() {}

  /// Those of at most `sideMax` tiles along a side (any number if it is 0) and `tileCountMax` in
  /// all, the whole as one tile where none is.
  static List<TileGrid> within(List<TileGrid> candidates, int sideMax, int tileCountMax) {
    List<TileGrid> fitting =
        candidates.stream()
            .filter(grid -> sideMax == 0 || Math.max(grid.cols(), grid.rows()) <= sideMax)
            .filter(grid -> grid.tileCount() <= tileCountMax)
            .toList();
    return fitting.isEmpty() ? List.of(TileGrid.SINGLE) : fitting;
  }
}
