// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tile;

/// A picture scaled to fit a canvas, aspect ratio kept. Sides are truncated, so that those of a
/// very thin picture may be 0.
///
/// @param width of the scaled picture in pixels
/// @param height of the scaled picture in pixels
/// @param effective pixels that show something of the picture: no more than it has
/// @param wasted pixels of the canvas beyond these
record Fit(int width, int height, long effective, long wasted) {
  /// `width` x `height` pixels on the canvas of `grid`.
  static Fit of(TileGrid grid, int tileSize, int width, int height) {
    long canvasWidth = (long) grid.cols() * tileSize;
    long canvasHeight = (long) grid.rows() * tileSize;
    double scale = Math.min((double) canvasWidth / width, (double) canvasHeight / height);
    int fitWidth = (int) (width * scale);
    int fitHeight = (int) (height * scale);
    long effective = Math.min((long) fitWidth * fitHeight, (long) width * height);
    return new Fit(fitWidth, fitHeight, effective, canvasWidth * canvasHeight - effective);
  }
}
