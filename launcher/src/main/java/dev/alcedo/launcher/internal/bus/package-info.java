// SPDX-License-Identifier: Apache-2.0

/// The event bus: addresses, the service that answers them with an engine, and the client that
/// front ends use. The only place that knows both the bus and the engine.
@NullMarked
package dev.alcedo.launcher.internal.bus;

import org.jspecify.annotations.NullMarked;
