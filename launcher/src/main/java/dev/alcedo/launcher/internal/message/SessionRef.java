// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

/// Names an open session.
///
/// @param session handle from [SessionReply]
public record SessionRef(String session) {}
