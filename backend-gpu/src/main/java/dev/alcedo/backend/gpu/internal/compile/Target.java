// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClDevice;

/// What kernels are laid out for.
///
/// @param tuning sizes that suit the device
/// @param tuner finds sizes by trying
/// @param features optional ones that kernels use
record Target(ClDevice device, Tuning tuning, Tuner tuner, Features features) {}
