// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ImageOptions.GridMax;
import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import java.util.List;

/// A model's grids under a limit of the user's.
final class CandidateGrids {
  private CandidateGrids() {}

  /// Those within `max` and of at most `tileCountMax` tiles, the whole as one tile where none is.
  static List<TileGrid> within(List<TileGrid> candidates, GridMax max, int tileCountMax) {
    List<TileGrid> fitting =
        candidates.stream()
            .filter(
                grid -> max.isOfModel() || grid.cols() <= max.cols() && grid.rows() <= max.rows())
            .filter(grid -> grid.tileCount() <= tileCountMax)
            .toList();
    return fitting.isEmpty() ? List.of(TileGrid.SINGLE) : fitting;
  }
}
