// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.tile;

/// Idefics 3's rule (`get_resize_output_image_size` of its image processor): the picture is
/// enlarged or shrunk until its longer side has so many pixels, the other one an even number; then
/// both sides are rounded up to whole tiles. Without a longest edge the picture keeps its size and
/// both sides are rounded to the nearest whole tiles, as llama.cpp has it.
///
/// @param longestEdge pixels of the longer side, or [#NONE]
/// @param tileSize pixels of a tile's side
/// @param sideMax tiles along a side at most
public record LongestEdgeRule(int longestEdge, int tileSize, int sideMax) implements GridRule {
  /// For `longestEdge`: the picture keeps its size.
  public static final int NONE = 0;

  /// Width and height in pixels.
  public record Size(int width, int height) {}

  /// What a picture of `width` x `height` pixels is first brought to.
  public Size scaled(int width, int height) {
    if (longestEdge == NONE) {
      return new Size(width, height);
    }
    double aspect = (double) width / height;
    return width >= height
        ? new Size(longestEdge, even(longestEdge / aspect))
        : new Size(even(longestEdge * aspect), longestEdge);
  }

  @Override
  public TileGrid choose(int width, int height) {
    if (longestEdge == NONE) {
      return new TileGrid(nearest(width), nearest(height));
    }
    Size size = scaled(width, height);
    return new TileGrid(
        limited(Math.ceilDiv(size.width(), tileSize)),
        limited(Math.ceilDiv(size.height(), tileSize)));
  }

  private static int even(double pixels) {
    int whole = (int) pixels;
    return Math.max(1, whole + whole % 2);
  }

  private int nearest(int pixels) {
    return limited(Math.round((float) pixels / tileSize));
  }

  private int limited(int count) {
    return Math.clamp(count, 1, sideMax);
  }
}
