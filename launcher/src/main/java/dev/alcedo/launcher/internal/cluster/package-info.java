// SPDX-License-Identifier: Apache-2.0

/// Nodes that share an event bus: how they find each other, the front node that takes requests in,
/// the workers that answer them. The only place that knows Hazelcast.
@NullMarked
package dev.alcedo.launcher.internal.cluster;

import org.jspecify.annotations.NullMarked;
