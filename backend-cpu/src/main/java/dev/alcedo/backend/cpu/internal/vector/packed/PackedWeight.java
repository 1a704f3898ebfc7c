// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu.internal.vector.packed;

import java.lang.foreign.MemorySegment;

/// A matrix of packed weights.
///
/// @param n rows
/// @param k columns
/// @param groupBytes bytes of a group of rows
/// @param data `ceil(n / Layout.ROWS)` groups
record PackedWeight(Layout layout, int n, int k, long groupBytes, MemorySegment data) {}
