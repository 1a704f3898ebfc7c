// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cluster;

import dev.alcedo.runtime.api.BackendUnavailableException;

/// The way into clusters, also where the modules for them are missing: knows no class of Hazelcast.
public final class Clusters {
  private static final String MODULE = "io.vertx.clustermanager.hazelcast";

  private Clusters() {}

  /// Joins the front node, or begins a cluster as one. Waits for the front node for some time.
  ///
  /// @throws BackendUnavailableException if this distribution cannot
  /// @throws dev.alcedo.runtime.api.InvalidRequestException if the port is taken or nobody is at
  ///   the front node's
  public static Cluster join(ClusterOptions options) {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      throw new BackendUnavailableException(
          "cluster: this distribution has no module %s: use the full one".formatted(MODULE), null);
    }
    return HazelcastCluster.join(options);
  }
}
