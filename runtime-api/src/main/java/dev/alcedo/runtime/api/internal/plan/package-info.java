// SPDX-License-Identifier: Apache-2.0

/// From graphs to devices: providers, the choice of backends, partitioning, placement.
@NullMarked
package dev.alcedo.runtime.api.internal.plan;

import org.jspecify.annotations.NullMarked;
