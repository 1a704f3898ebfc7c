// SPDX-License-Identifier: Apache-2.0

/// What front ends may ask of the pipeline without a model: how the tiling rules compare. Encoders
/// are reached through [dev.alcedo.runtime.api.spi.EncoderProvider].
@NullMarked
package dev.alcedo.vision.pipeline;

import org.jspecify.annotations.NullMarked;
