// SPDX-License-Identifier: Apache-2.0

/// What goes over the event bus, as records whose JSON is documented in `docs/event-bus.md`. Values
/// only: small ones, never tensors or bitmaps.
@NullMarked
package dev.alcedo.launcher.internal.message;

import org.jspecify.annotations.NullMarked;
