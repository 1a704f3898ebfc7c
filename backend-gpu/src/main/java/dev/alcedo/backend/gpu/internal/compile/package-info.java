// SPDX-License-Identifier: Apache-2.0

/// From graphs to queued kernels: weights on the device, the plan of buffers, KV caches, runs.
@NullMarked
package dev.alcedo.backend.gpu.internal.compile;

import org.jspecify.annotations.NullMarked;
