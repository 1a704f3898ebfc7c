// SPDX-License-Identifier: Apache-2.0

/// The commands. They talk to the engine through the bus client alone; the only place that writes
/// to the standard streams.
@NullMarked
package dev.alcedo.launcher.internal.cli;

import org.jspecify.annotations.NullMarked;
