// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.grid;

/// The patches of a picture.
///
/// @param cols patches across, at least 1
/// @param rows patches down, at least 1
public record PatchGrid(int cols, int rows) {
  /// Checks the range.
  ///
  /// @throws IllegalArgumentException if a side is below 1 or there are more than 2^31 - 1
  public PatchGrid {
    if (cols < 1 || rows < 1 || (long) cols * rows > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("patch grid of %dx%d".formatted(cols, rows));
    }
  }

  /// Patches in all.
  public int count() {
    return cols * rows;
  }

  /// The grid of squares of `merge` x `merge` patches.
  ///
  /// @throws IllegalArgumentException if the sides are no multiples of `merge`
  public PatchGrid merged(int merge) {
    if (cols % merge != 0 || rows % merge != 0) {
      throw new IllegalArgumentException("%s in squares of %d".formatted(this, merge));
    }
    return new PatchGrid(cols / merge, rows / merge);
  }

  @Override
  public String toString() {
    return cols + "x" + rows + " patches";
  }
}
