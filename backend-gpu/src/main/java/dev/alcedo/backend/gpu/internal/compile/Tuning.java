// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.DeviceFacts;

/// Sizes that differ from device to device. Groups have at most 256 work-items and 16 KiB of local
/// memory, whatever a device allows: what fits there runs on every Mali.
///
/// @param lanes work-items that share one output of a matrix-vector product
/// @param tileSide side of a group of a matrix-matrix product
/// @param tileRows rows from which on a product is one of matrices
record Tuning(int lanes, int tileSide, int tileRows) {
  /// Work-items of a group that reduces a row, and of groups that share nothing.
  static final int GROUP = 64;

  /// A CPU device runs the work-items of a group one after the other, so that what lanes would
  /// share costs and gains nothing; a GPU's lanes read neighbouring weights together.
  static Tuning of(boolean isGpu, DeviceFacts facts) {
    return new Tuning(isGpu ? 16 : 1, facts.workGroupSizeMax() >= 256 ? 16 : 8, 9);
  }
}
