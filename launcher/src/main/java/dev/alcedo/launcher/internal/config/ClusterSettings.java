// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import dev.alcedo.runtime.api.InvalidRequestException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a node of a cluster was told, checked.
///
/// @param host address of this machine; loopback unless the network is trusted
/// @param port that others join at; 0 takes a free one
/// @param front `HOST:PORT` of the front node; absent for that node itself
public record ClusterSettings(String host, int port, @Nullable String front) {
  private static final Pattern FRONT = Pattern.compile("([^\\s:]+):(\\d{1,5})");

  /// The front node's, which others join at `port`.
  ///
  /// @throws InvalidRequestException naming the option that is the matter
  public static ClusterSettings front(ClusterArguments arguments, int port) {
    ServerSettings.check("--cluster-port", port, 1, 65_535);
    return new ClusterSettings(host(arguments), port, null);
  }

  /// A worker's, which joins the node at `front`.
  ///
  /// @throws InvalidRequestException naming the option that is the matter
  public static ClusterSettings worker(ClusterArguments arguments, String front) {
    Matcher matcher = FRONT.matcher(front);
    if (!matcher.matches()) {
      throw new InvalidRequestException(
          "--join: expected HOST:PORT of a front node, got '%s'".formatted(front));
    }
    ServerSettings.check("--join", Integer.parseInt(matcher.group(2)), 1, 65_535);
    return new ClusterSettings(host(arguments), 0, front);
  }

  private static String host(ClusterArguments arguments) {
    String host = arguments.host();
    if (!arguments.isNetworkTrusted() && !ServerSettings.isLoopback("--cluster-host", host)) {
      throw new InvalidRequestException(
          "--cluster-host %s: whoever reaches it could use this node; say --trust-network if the network is yours alone"
              .formatted(host));
    }
    return host;
  }
}
