// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.DeviceFacts;

/// Sizes that differ from device to device and from shape to shape. Groups have at most 256
/// work-items and 16 KiB of local memory, whatever a device allows: what fits there runs on every
/// Mali.
///
/// @param isParallel whether work-items run side by side; a CPU device runs those of a group one
///   after the other, so that what they would share costs and gains nothing
/// @param computeUnitCount of the device
/// @param tileSideMax side of a group of a matrix-matrix product at most, 8 or 16
record Tuning(boolean isParallel, int computeUnitCount, int tileSideMax) {
  /// Work-items of a group that reduces a row, and of groups that share nothing.
  static final int GROUP = 64;

  /// Rows from which on a product is one of matrices.
  static final int TILE_ROWS = 9;

  private static final int TILE_SIDE_MIN = 8;
  private static final long LOCAL_BYTES = 16 << 10;

  /// Work-items that keep a compute unit's memory busy, and lanes that read 32 bytes of 4-bit
  /// weights together.
  private static final int ITEMS_PER_UNIT = 2048;

  private static final int LANES_MIN = 8;

  /// Keys of an attention part at least, and parts at most.
  private static final int PART_KEYS = 64;

  static final int PART_COUNT_MAX = 16;

  static Tuning of(boolean isGpu, DeviceFacts facts) {
    boolean isLarge = facts.workGroupSizeMax() >= 256 && facts.localMemoryBytes() >= LOCAL_BYTES;
    return new Tuning(isGpu, facts.computeUnitCount(), isLarge ? 16 : TILE_SIDE_MIN);
  }

  /// Work-items that share an output of a product of few rows, a power of two: enough to keep the
  /// device busy, but none that would have no part of a row to read.
  int lanes(int outputCount, int rowLength) {
    if (!isParallel) {
      return 1;
    }
    long wanted = (long) computeUnitCount * ITEMS_PER_UNIT / outputCount;
    int lanes = LANES_MIN;
    while (lanes < GROUP && 2 * lanes <= wanted && 16 * lanes <= rowLength) {
      lanes *= 2;
    }
    return lanes;
  }

  /// The side of a group of a matrix-matrix product: smaller tiles where large ones are too few for
  /// the device.
  int tileSide(int rows, int cols) {
    int tile = 4 * tileSideMax;
    long groups = (long) Math.ceilDiv(rows, tile) * Math.ceilDiv(cols, tile);
    return isParallel && groups < 2L * computeUnitCount ? TILE_SIDE_MIN : tileSideMax;
  }

  /// Groups that divide the keys of each row and head among them.
  int attentionParts(int rows, int headCount, int keyCount) {
    long others = (long) rows * headCount;
    if (!isParallel || others >= 4L * computeUnitCount) {
      return 1;
    }
    return Math.clamp(keyCount / PART_KEYS, 1, PART_COUNT_MAX);
  }
}
