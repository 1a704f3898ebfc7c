// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.scalar;

import dev.alcedo.runtime.api.graph.Op;
import java.util.Arrays;

/// The ops that only move elements, one row of the output at a time; every set of kernels uses
/// these, for moving whole runs is what `System.arraycopy` is best at. Offsets are those of the
/// item.
public final class Movement {
  private Movement() {}

  /// Row `row` of the transpose of `[rows, cols]`, i.e. column `row`.
  public static void transpose(
      float[] x, int xOffset, int rows, int cols, int row, float[] y, int yOffset) {
    for (int i = 0; i < rows; i++) {
      y[yOffset + row * rows + i] = x[xOffset + i * cols + row];
    }
  }

  /// Cell `cell` of [Op.SpaceToDepth]; `cols` are those of the input.
  public static void spaceToDepth(
      Op.SpaceToDepth op, float[] x, int xOffset, int cols, int cell, float[] y, int yOffset) {
    int b = op.block();
    int cellCols = Math.ceilDiv(op.gridCols(), b);
    int to = yOffset + cell * b * b * cols;
    for (int i = 0; i < b; i++) {
      for (int j = 0; j < b; j++) {
        int gridRow = cell / cellCols * b + i;
        int gridCol = cell % cellCols * b + j;
        if (gridRow < op.gridRows() && gridCol < op.gridCols()) {
          int from = xOffset + (gridRow * op.gridCols() + gridCol) * cols;
          System.arraycopy(x, from, y, to, cols);
        } else {
          Arrays.fill(y, to, to + cols, 0);
        }
        to += cols;
      }
    }
  }

  /// Patch `patch` of pixels `[channels, height, width]`, its elements in the order channel, row,
  /// column, written to `yOffset`.
  public static void patch(
      int patchSize,
      float[] x,
      int xOffset,
      int channels,
      int height,
      int width,
      int patch,
      float[] y,
      int yOffset) {
    int gridCols = width / patchSize;
    int top = patch / gridCols * patchSize;
    int left = patch % gridCols * patchSize;
    int to = yOffset;
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < patchSize; i++) {
        System.arraycopy(x, xOffset + (c * height + top + i) * width + left, y, to, patchSize);
        to += patchSize;
      }
    }
  }
}
