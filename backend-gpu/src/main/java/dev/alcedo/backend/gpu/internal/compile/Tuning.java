// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.DeviceFacts;
import java.util.stream.IntStream;

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

  /// Elements of a matrix from which on layouts are tried out; less is over in no time anyway.
  private static final long TUNED_ELEMENTS = 1 << 20;

  /// Keys of an attention part at least, and parts at most.
  private static final int PART_KEYS = 64;

  static final int PART_COUNT_MAX = 16;

  static Tuning of(boolean isGpu, DeviceFacts facts) {
    boolean isLarge = facts.workGroupSizeMax() >= 256 && facts.localMemoryBytes() >= LOCAL_BYTES;
    return new Tuning(isGpu, facts.computeUnitCount(), isLarge ? 16 : TILE_SIDE_MIN);
  }

  /// Numbers of work-items that may share an output of a product of few rows, powers of two, the
  /// likely best first: enough to keep the device busy, but none that would have no part of a row
  /// to read.
  int[] lanes(int outputCount, int rowLength) {
    if (!isParallel) {
      return new int[] {1};
    }
    long wanted = (long) computeUnitCount * ITEMS_PER_UNIT / outputCount;
    int likely = LANES_MIN;
    while (likely < GROUP && 2 * likely <= wanted && 16 * likely <= rowLength) {
      likely *= 2;
    }
    return likelyFirst(likely, outputCount, rowLength, new int[] {LANES_MIN, 16, 32, GROUP});
  }

  /// Sides that a group of a matrix-matrix product may have, the likely best first: small tiles
  /// where large ones are too few for the device.
  int[] tileSides(int rows, int cols, int rowLength) {
    if (!isParallel || tileSideMax == TILE_SIDE_MIN) {
      return new int[] {tileSideMax};
    }
    int tile = 4 * tileSideMax;
    long groups = (long) Math.ceilDiv(rows, tile) * Math.ceilDiv(cols, tile);
    int likely = groups < 2L * computeUnitCount ? TILE_SIDE_MIN : tileSideMax;
    return likelyFirst(likely, cols, rowLength, new int[] {TILE_SIDE_MIN, tileSideMax});
  }

  private static int[] likelyFirst(int likely, int cols, int rowLength, int[] all) {
    if ((long) cols * rowLength < TUNED_ELEMENTS) {
      return new int[] {likely};
    }
    return IntStream.concat(
            IntStream.of(likely), IntStream.of(all).filter(other -> other != likely))
        .toArray();
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
