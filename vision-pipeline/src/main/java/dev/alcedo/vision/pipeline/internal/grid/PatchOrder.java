// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.grid;

/// In which order the patches of a grid go through a tower, so that what belongs together is
/// neighbours: the patches of an image token, and the tokens of a window. Towers do not care about
/// order, only about positions; sorting the pixels is cheaper than sorting activations.
///
/// Arrays are shared, not copied.
///
/// @param grid whose patches
/// @param rows of each patch in order, from 0
/// @param cols of each patch in order, from 0
/// @param windows of each patch in order, from 0, ascending
/// @param tokens for each image token in order, its place row by row
public record PatchOrder(PatchGrid grid, int[] rows, int[] cols, int[] windows, int[] tokens) {
  /// Row by row, one image token for `merge` x `merge` patches, all in one window.
  public static PatchOrder merged(PatchGrid grid, int merge) {
    return windowed(grid, merge, Math.max(grid.cols(), grid.rows()));
  }

  /// Windows row by row, within a window image tokens row by row, within a token patches row by
  /// row. Windows at the right and lower border are what is left.
  ///
  /// @param merge patches along a side of an image token; divides the grid's sides
  /// @param windowSide image tokens along a side of a window, at least 1
  public static PatchOrder windowed(PatchGrid grid, int merge, int windowSide) {
    if (windowSide < 1) {
      throw new IllegalArgumentException("window of %d image tokens".formatted(windowSide));
    }
    return new Filler(grid, merge, windowSide).fill();
  }

  private static final class Filler {
    private final PatchGrid squares;
    private final int merge;
    private final int windowSide;
    private final PatchOrder order;
    private int token;
    private int patch;

    Filler(PatchGrid grid, int merge, int windowSide) {
      this.squares = grid.merged(merge);
      this.merge = merge;
      this.windowSide = windowSide;
      int count = grid.count();
      order =
          new PatchOrder(
              grid, new int[count], new int[count], new int[count], new int[squares.count()]);
    }

    PatchOrder fill() {
      int window = 0;
      for (int top = 0; top < squares.rows(); top += windowSide) {
        for (int left = 0; left < squares.cols(); left += windowSide) {
          window(window++, top, left);
        }
      }
      return order;
    }

    private void window(int window, int top, int left) {
      int bottom = Math.min(top + windowSide, squares.rows());
      int right = Math.min(left + windowSide, squares.cols());
      for (int row = top; row < bottom; row++) {
        for (int col = left; col < right; col++) {
          order.tokens[token++] = row * squares.cols() + col;
          square(window, row * merge, col * merge);
        }
      }
    }

    private void square(int window, int top, int left) {
      for (int row = top; row < top + merge; row++) {
        for (int col = left; col < left + merge; col++) {
          order.rows[patch] = row;
          order.cols[patch] = col;
          order.windows[patch++] = window;
        }
      }
    }
  }
}
