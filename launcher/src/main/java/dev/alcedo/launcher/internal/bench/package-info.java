// SPDX-License-Identifier: Apache-2.0

/// Measures models. Holds the engine itself, not the bus: what a measurement must not include are
/// messages on their way.
@NullMarked
package dev.alcedo.launcher.internal.bench;

import org.jspecify.annotations.NullMarked;
