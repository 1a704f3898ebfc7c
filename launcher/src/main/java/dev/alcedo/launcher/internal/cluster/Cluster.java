// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cluster;

import io.vertx.core.Vertx;
import java.util.function.Consumer;

/// The nodes that share an event bus, as one of them sees it. Who joined closes. Any thread.
public interface Cluster extends AutoCloseable {
  /// The bus.
  Vertx vertx();

  /// This node.
  String nodeId();

  /// Whether a node is there.
  boolean isHere(String nodeId);

  /// Whether the node that this one joined is still there.
  boolean isFrontHere();

  /// Tells `listener` of each node that leaves or dies, on a thread of the cluster's.
  void onLeave(Consumer<String> listener);

  /// Leaves.
  @Override
  void close();
}
