// SPDX-License-Identifier: Apache-2.0

/// Encoded pictures to bitmaps. Our own header readers run first and know every limit; only then a
/// decoder sees the bytes. The only package that touches ImageIO.
@NullMarked
package dev.alcedo.vision.pipeline.internal.decode;

import org.jspecify.annotations.NullMarked;
