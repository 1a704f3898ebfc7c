// SPDX-License-Identifier: Apache-2.0

/// Encoders: towers and projectors compiled and run. One provider for each projector type.
@NullMarked
package dev.alcedo.vision.pipeline.internal.encoder;

import org.jspecify.annotations.NullMarked;
