// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

/// Whether there was anything to stop.
///
/// @param cancelled false if nothing streams to that address (any more)
public record CancelReply(boolean cancelled) {}
