// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import java.util.List;

/// A model's grids under a limit of the user's.
final class CandidateGrids {
  private CandidateGrids() {}

  /// Those of at most `sideMax` tiles along a side, the whole as one tile where none is; all of
  /// them if `sideMax` is 0.
  static List<TileGrid> within(List<TileGrid> candidates, int sideMax) {
    List<TileGrid> fitting =
        candidates.stream()
            .filter(grid -> sideMax == 0 || Math.max(grid.cols(), grid.rows()) <= sideMax)
            .toList();
    return fitting.isEmpty() ? List.of(TileGrid.SINGLE) : fitting;
  }
}
