// SPDX-License-Identifier: Apache-2.0

/// OpenCL 1.2 as the C headers name it, bound with JNA, and the values read through it. Native
/// handles never leave this package.
@NullMarked
package dev.alcedo.backend.gpu.internal.opencl;

import org.jspecify.annotations.NullMarked;
