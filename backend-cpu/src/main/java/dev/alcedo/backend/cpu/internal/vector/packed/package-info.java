// SPDX-License-Identifier: Apache-2.0

/// Linear layers on weights of four to six bits: weights laid out anew so that a vector's lanes are
/// weight rows, activations rounded to 8 bits, sums exact in 16-bit lanes.
@NullMarked
package dev.alcedo.backend.cpu.internal.vector.packed;

import org.jspecify.annotations.NullMarked;
