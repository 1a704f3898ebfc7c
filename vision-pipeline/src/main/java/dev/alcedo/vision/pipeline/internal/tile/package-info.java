// SPDX-License-Identifier: Apache-2.0

/// Which tile grid a picture gets, and how it is cut and normalised.
@NullMarked
package dev.alcedo.vision.pipeline.internal.tile;

import org.jspecify.annotations.NullMarked;
