// SPDX-License-Identifier: Apache-2.0

/// From patch features to image tokens: one class for each kind of projector.
@NullMarked
package dev.alcedo.vision.pipeline.internal.projector;

import org.jspecify.annotations.NullMarked;
