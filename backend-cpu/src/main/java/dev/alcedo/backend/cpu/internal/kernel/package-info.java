// SPDX-License-Identifier: Apache-2.0

/// What a set of kernels must offer, and the arguments it gets. No arithmetic lives here.
@NullMarked
package dev.alcedo.backend.cpu.internal.kernel;

import org.jspecify.annotations.NullMarked;
