// SPDX-License-Identifier: Apache-2.0

/// The two providers, `cpu` and `cpu-scalar`. Kernels and machinery are in `internal`.
@NullMarked
package dev.alcedo.backend.cpu;

import org.jspecify.annotations.NullMarked;
