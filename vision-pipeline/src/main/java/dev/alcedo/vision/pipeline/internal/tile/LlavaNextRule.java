// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tile;

import java.util.List;

/// LLaVA-NeXT's rule (`select_best_resolution`): the most effective pixels, then the least waste.
///
/// @param candidates in the order in which they are tried
/// @param tileSize pixels of a tile's side
record LlavaNextRule(List<TileGrid> candidates, int tileSize) implements GridRule {
  @Override
  public TileGrid choose(int width, int height) {
    TileGrid best = TileGrid.SINGLE;
    long effectiveMax = 0;
    long wastedMin = Long.MAX_VALUE;
    for (TileGrid grid : candidates) {
      Fit fit = Fit.of(grid, tileSize, width, height);
      if (fit.effective() > effectiveMax
          || fit.effective() == effectiveMax && fit.wasted() < wastedMin) {
        best = grid;
        effectiveMax = fit.effective();
        wastedMin = fit.wasted();
      }
    }
    return best;
  }
}
