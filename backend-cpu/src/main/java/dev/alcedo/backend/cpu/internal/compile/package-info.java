// SPDX-License-Identifier: Apache-2.0

/// From a graph to steps over planned buffers, and their execution. No arithmetic lives here.
@NullMarked
package dev.alcedo.backend.cpu.internal.compile;

import org.jspecify.annotations.NullMarked;
