// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import dev.alcedo.launcher.internal.message.GenerationSpec;
import java.time.Duration;
import java.util.List;

/// How the server listens and what it allows.
///
/// @param host address to listen on
/// @param port 0 takes any free one
/// @param keys one of them must be given; empty lets everyone in who reaches the server
/// @param modelName what requests call the model; empty leaves that to the engines
/// @param defaults how answers are drawn where requests do not say
/// @param queueLength requests that may wait besides
/// @param timeMax from a request's head to the end of its answer
/// @param bodyBytesMax of one request
/// @param pictureUrls pictures whose URLs begin with one of these are fetched; each ends in `/`
/// @param limits what nobody sets but tests
public record ServerOptions(
    String host,
    int port,
    List<String> keys,
    String modelName,
    GenerationSpec defaults,
    int queueLength,
    Duration timeMax,
    long bodyBytesMax,
    List<String> pictureUrls,
    Limits limits) {
  /// Copies the lists.
  public ServerOptions {
    keys = List.copyOf(keys);
    pictureUrls = List.copyOf(pictureUrls);
  }

  /// Limits on clients.
  ///
  /// @param connectionCountMax connections at a time
  /// @param headTimeMax until a request's head is there
  /// @param bodyTimeMax from there until its body is
  /// @param stallTimeMax a client may take so long to read what it is sent
  /// @param bodyBytesMaxTogether bodies of all requests at a time
  public record Limits(
      int connectionCountMax,
      Duration headTimeMax,
      Duration bodyTimeMax,
      Duration stallTimeMax,
      long bodyBytesMaxTogether) {
    /// For people's clients and load balancers.
    public static final Limits DEFAULTS =
        new Limits(
            512,
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            512L << 20);
  }
}
