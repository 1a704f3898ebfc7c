// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.grid;

import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// LLaVA-UHD's rule (Xu et al., arXiv 2403.11703), which MiniCPM-V uses: a picture larger than a
/// square of `scale` pixels is shown twice, the whole at about that area, and in tiles of about
/// that area, as many as it has such areas, in the grid whose aspect ratio is nearest. All keep the
/// picture's aspect ratio up to the size of a patch. A smaller picture becomes one square.
///
/// Numbers are rounded as llama.cpp rounds them: a pixel more or less moves all others.
///
/// @param scale pixels along a side of a tile's area
/// @param patchSize pixels that sides are multiples of
/// @param tileCountMax tiles at most, at least 1
/// @param gridSideMax tiles along a side at most, at least 1
public record SliceRule(int scale, int patchSize, int tileCountMax, int gridSideMax) {
  /// The layout for a picture of `width` x `height` pixels.
  public GridLayout choose(int width, int height) {
    if (width <= scale && height <= scale) {
      return GridLayout.whole(new PixelSize(scale, scale));
    }
    TileGrid grid = grid(width, height);
    int tileWidth = Math.max(1, round((double) width / grid.cols()));
    int tileHeight = Math.max(1, round((double) height / grid.rows()));
    var tiles = new GridLayout.Tiles(grid, scaled(tileWidth, tileHeight, true));
    return new GridLayout(scaled(width, height, false), Optional.of(tiles));
  }

  /// The same without tiles.
  public GridLayout whole(int width, int height) {
    return GridLayout.whole(choose(width, height).whole());
  }

  private TileGrid grid(int width, int height) {
    float areas = (float) width * height / (scale * scale);
    int count = (int) Math.min(Math.ceil(areas), tileCountMax);
    float logRatio = (float) Math.log((float) width / height);
    TileGrid best = TileGrid.SINGLE;
    float errorMin = Float.POSITIVE_INFINITY;
    for (TileGrid candidate : candidates(count)) {
      double logCandidate = Math.log((double) candidate.cols() / candidate.rows());
      float error = (float) Math.abs(logRatio - logCandidate);
      if (error < errorMin) {
        best = candidate;
        errorMin = error;
      }
    }
    return best;
  }

  /// Grids of one tile fewer, `count` and one more, but not of one alone; fewest columns first.
  private List<TileGrid> candidates(int count) {
    var grids = new ArrayList<TileGrid>();
    for (int tiles = Math.max(1, count - 1); tiles <= Math.min(count + 1, tileCountMax); tiles++) {
      for (int cols = 1; cols <= tiles; cols++) {
        boolean isWhole = tiles % cols == 0;
        if (tiles > 1 && isWhole && Math.max(cols, tiles / cols) <= gridSideMax) {
          grids.add(new TileGrid(cols, tiles / cols));
        }
      }
    }
    return grids;
  }

  /// `width` x `height` at an area of `scale`² with the aspect ratio kept, then in whole patches.
  ///
  /// @param canGrow whether smaller pictures grow to that area
  private PixelSize scaled(int width, int height, boolean canGrow) {
    int scaledWidth = width;
    int scaledHeight = height;
    if (canGrow || (long) width * height > (long) scale * scale) {
      float ratio = (float) width / height;
      scaledHeight = (int) (scale / (float) Math.sqrt(ratio));
      scaledWidth = (int) (scaledHeight * ratio);
    }
    return new PixelSize(wholePatches(scaledWidth), wholePatches(scaledHeight));
  }

  private int wholePatches(int pixels) {
    return Math.max(round((double) pixels / patchSize) * patchSize, patchSize);
  }

  private static int round(double value) {
    return (int) Math.floor(value + 0.5);
  }
}
