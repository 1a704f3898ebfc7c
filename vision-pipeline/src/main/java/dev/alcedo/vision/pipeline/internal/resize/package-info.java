// SPDX-License-Identifier: Apache-2.0

/// Resampling, bit-equal to Pillow's.
@NullMarked
package dev.alcedo.vision.pipeline.internal.resize;

import org.jspecify.annotations.NullMarked;
