// SPDX-License-Identifier: Apache-2.0

/// How wide all vectors are.
@NullMarked
package dev.alcedo.backend.cpu.internal.vector.width;

import org.jspecify.annotations.NullMarked;
