// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tile;

import java.util.List;

/// LLaVA-NeXT's rule (`select_best_resolution`) over the grids that a model lists: the most
/// effective pixels, then the least waste, the first of equals. In float, as llama.cpp computes it
/// for LLaVA 1.6 and InternVL; [LlavaNextRule] has it in double, as the paper's code.
///
/// @param candidates in the order in which they are tried, at least one
/// @param tileSize pixels of a tile's side
public record PinpointRule(List<TileGrid> candidates, int tileSize) implements GridRule {
  /// Copies the list.
  public PinpointRule {
    candidates = List.copyOf(candidates);
  }

  @Override
  public TileGrid choose(int width, int height) {
    // A picture so thin that it vanishes on every canvas shows nothing anywhere.
    TileGrid best = candidates.getFirst();
    long effectiveMax = 0;
    long wastedMin = Long.MAX_VALUE;
    for (TileGrid grid : candidates) {
      int canvasWidth = grid.cols() * tileSize;
      int canvasHeight = grid.rows() * tileSize;
      float scale = Math.min((float) canvasWidth / width, (float) canvasHeight / height);
      long fitted = (long) (int) (width * scale) * (int) (height * scale);
      long effective = Math.min(fitted, (long) width * height);
      long wasted = (long) canvasWidth * canvasHeight - effective;
      if (effective > effectiveMax || effective == effectiveMax && wasted < wastedMin) {
        best = grid;
        effectiveMax = effective;
        wastedMin = wasted;
      }
    }
    return best;
  }
}
