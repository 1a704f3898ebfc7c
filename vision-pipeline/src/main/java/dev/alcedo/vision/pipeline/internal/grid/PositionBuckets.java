// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.grid;

/// Positions for a tower that learned a square of them and sees pictures of any grid: each side is
/// divided into as many buckets as the square has, and a patch has the position of the bucket that
/// it begins in (SigLIP for NaViT in MiniCPM-V and Idefics 2).
///
/// @param side positions along a side of the square
public record PositionBuckets(int side) {
  /// The position of each patch in order, row by row of the square.
  public int[] positions(PatchOrder order) {
    PatchGrid grid = order.grid();
    var out = new int[grid.count()];
    for (int i = 0; i < out.length; i++) {
      out[i] = bucket(order.rows()[i], grid.rows()) * side + bucket(order.cols()[i], grid.cols());
    }
    return out;
  }

  private int bucket(int index, int count) {
    return (int) ((long) side * index / count);
  }
}
