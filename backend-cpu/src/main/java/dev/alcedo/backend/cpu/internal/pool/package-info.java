// SPDX-License-Identifier: Apache-2.0

/// Threads and their scratch memory. Knows nothing of graphs.
@NullMarked
package dev.alcedo.backend.cpu.internal.pool;

import org.jspecify.annotations.NullMarked;
