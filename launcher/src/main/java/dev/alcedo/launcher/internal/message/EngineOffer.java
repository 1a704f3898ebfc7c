// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

/// An engine of a cluster is there.
///
/// @param engine its name, which its addresses end in: the node's id
/// @param name what requests call its model
/// @param slotCount requests that it runs at a time; 0 if it takes no more
/// @param model its model
public record EngineOffer(String engine, String name, int slotCount, ModelReply model) {}
