// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

/// An open session.
///
/// @param session its handle
/// @param contextLength positions that it can hold
public record SessionReply(String session, int contextLength) {}
