// SPDX-License-Identifier: Apache-2.0

/// The commands; the only place that writes to the standard streams. They talk to the engine
/// through the bus client alone, but for `bench` and `synth`, which leave the bus out.
@NullMarked
package dev.alcedo.launcher.internal.cli;

import org.jspecify.annotations.NullMarked;
