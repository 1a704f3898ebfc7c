// SPDX-License-Identifier: Apache-2.0

/// Pictures of their own size: which size they get, in which order their patches go through a
/// tower, and where they stand in it.
@NullMarked
package dev.alcedo.vision.pipeline.internal.grid;

import org.jspecify.annotations.NullMarked;
