// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tile;

import java.util.List;

/// InternVL 1.5's rule (`find_closest_aspect_ratio`): the nearest aspect ratio among all grids of
/// up to so many tiles; of equal ones a later, larger grid if the picture covers more than half of
/// it.
///
/// @param candidates fewest tiles first
/// @param tileSize pixels of a tile's side
record InternVlRule(List<TileGrid> candidates, int tileSize) implements GridRule {
  @Override
  public TileGrid choose(int width, int height) {
    double aspect = (double) width / height;
    long area = (long) width * height;
    TileGrid best = TileGrid.SINGLE;
    double differenceMin = Double.POSITIVE_INFINITY;
    for (TileGrid grid : candidates) {
      double difference = Math.abs(aspect - (double) grid.cols() / grid.rows());
      boolean isHalfCovered = area > 0.5 * tileSize * tileSize * grid.tileCount();
      if (difference < differenceMin || difference == differenceMin && isHalfCovered) {
        best = grid;
        differenceMin = difference;
      }
    }
    return best;
  }
}
