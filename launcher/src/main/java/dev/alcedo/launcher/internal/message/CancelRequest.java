// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

/// Stops what streams to an address.
///
/// @param replyTo the address given with the request
public record CancelRequest(String replyTo) {}
