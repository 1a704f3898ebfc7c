// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cluster;

import org.jspecify.annotations.Nullable;

/// Where a node listens for others, and whom it joins.
///
/// @param host address of this machine; it is told to the others
/// @param port that others join at; 0 takes a free one
/// @param front `HOST:PORT` of the node to join; absent for the front node itself
public record ClusterOptions(String host, int port, @Nullable String front) {}
