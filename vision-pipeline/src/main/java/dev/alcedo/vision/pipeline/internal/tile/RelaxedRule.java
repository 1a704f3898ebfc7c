// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tile;

import java.util.List;

/// BlueLM-V-3B's relaxed aspect-ratio matching (arXiv 2411.10640, algorithm 1): a larger grid must
/// show clearly more of the picture, else the one that wastes less wins.
///
/// What counts as the best so far is replaced by each choice, also by one that shows a little less,
/// as in the paper; the loss can therefore add up beyond alpha.
///
/// @param candidates in the order in which they are tried, largest first
/// @param tileSize pixels of a tile's side
/// @param alpha the share of effective pixels that counts as clearly more
record RelaxedRule(List<TileGrid> candidates, int tileSize, double alpha) implements GridRule {
  @Override
  public TileGrid choose(int width, int height) {
    // A picture so thin that it vanishes on every canvas matches no candidate.
    TileGrid best = TileGrid.SINGLE;
    long effectiveMax = 0;
    long wastedMin = Long.MAX_VALUE;
    for (TileGrid grid : candidates) {
      Fit fit = Fit.of(grid, tileSize, width, height);
      double threshold = alpha * effectiveMax;
      boolean isClearlyMore = fit.effective() - effectiveMax > threshold;
      boolean isHardlyLess = effectiveMax - fit.effective() < threshold;
      if (isClearlyMore || isHardlyLess && fit.wasted() < wastedMin) {
        best = grid;
        effectiveMax = fit.effective();
        wastedMin = fit.wasted();
      }
    }
    return best;
  }
}
