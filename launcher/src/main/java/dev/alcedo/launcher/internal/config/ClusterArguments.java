// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import picocli.CommandLine.Option;

/// Where a node of a cluster listens for others.
public final class ClusterArguments {
  @Option(
      names = "--cluster-host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "Address of this machine that other nodes reach; others than loopback need"
              + " --trust-network. Default: 127.0.0.1.")
  private String host = "127.0.0.1";

  @Option(
      names = "--trust-network",
      description =
          "Whoever reaches the nodes' ports may use them: nodes know no keys. Say so if the network"
              + " is yours alone.")
  private boolean isNetworkTrusted;

  /// Made by picocli.
  public ClusterArguments() {}

  String host() {
    return host;
  }

  boolean isNetworkTrusted() {
    return isNetworkTrusted;
  }
}
