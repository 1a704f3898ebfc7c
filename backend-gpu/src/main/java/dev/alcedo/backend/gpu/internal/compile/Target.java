// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.backend.gpu.internal.opencl.ClDevice;

/// What kernels are laid out for.
///
/// @param tuning sizes that suit the device
/// @param tuner finds sizes by trying
/// @param features optional ones that are used
record Target(ClDevice device, Tuning tuning, Tuner tuner, Features features) {
  /// Memory that the host reads or writes.
  ///
  /// @param what for messages
  ClBuffer allocate(long byteSize, String what) {
    return features.isMemoryShared()
        ? device.allocateShared(byteSize, what)
        : device.allocate(byteSize, what);
  }

  /// Whether the host reads and writes `byteSize` bytes of a buffer where they are, and not by
  /// transfers. Java maps at most 2 GiB.
  boolean isMapped(long byteSize) {
    return features.isMemoryShared() && byteSize <= Integer.MAX_VALUE;
  }
}
