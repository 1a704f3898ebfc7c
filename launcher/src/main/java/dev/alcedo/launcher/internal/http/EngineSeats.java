// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.message.ModelReply;

/// What an engine takes in.
///
/// @param name what requests call its model
/// @param slotCount requests that it runs at a time
/// @param model its model
/// @param isRemote whether it is another process
public record EngineSeats(String name, int slotCount, ModelReply model, boolean isRemote) {}
