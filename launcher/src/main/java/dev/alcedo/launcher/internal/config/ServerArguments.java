// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How a server listens and what it allows.
public final class ServerArguments {
  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "Address to listen on; others than loopback need --api-key-file. Default: 127.0.0.1.")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Port to listen on; 0 takes a free one. Default: 8080.")
  private int port;

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "Keys, one on each line; requests must bring one of them.")
  private @Nullable Path keyFile;

  @Mixin private SlotArguments slots = new SlotArguments();

  @Option(
      names = "--queue",
      paramLabel = "N",
      defaultValue = "32",
      description = "Requests that may wait; more are refused with 429. Default: 32.")
  private int queueLength;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "A request may take so long. Default: 600.")
  private int timeSeconds;

  @Option(
      names = "--max-body",
      paramLabel = "MIB",
      defaultValue = "64",
      description = "A request may be so large. Default: 64.")
  private int bodyMebibytes;

  @Option(
      names = "--allow-image-url",
      paramLabel = "PREFIX",
      description =
          "Fetch pictures whose URLs begin so, e.g. https://example.org/pictures/. May be repeated. Default: none.")
  private List<String> pictureUrls = new ArrayList<>();

  @Option(
      names = "--cluster",
      description =
          "Be the front node of a cluster: take requests in and pass them on to workers (see"
              + " 'alcedo work'), without a model of one's own.")
  private boolean isClustered;

  @Option(
      names = "--cluster-port",
      paramLabel = "N",
      defaultValue = "5701",
      description = "Port that workers join at. Default: 5701.")
  private int clusterPort;

  /// Made by picocli.
  public ServerArguments() {}

  String host() {
    return host;
  }

  int port() {
    return port;
  }

  @Nullable Path keyFile() {
    return keyFile;
  }

  SlotArguments slots() {
    return slots;
  }

  int queueLength() {
    return queueLength;
  }

  int timeSeconds() {
    return timeSeconds;
  }

  List<String> pictureUrls() {
    return pictureUrls;
  }

  /// Whether workers answer.
  public boolean isClustered() {
    return isClustered;
  }

  /// Where workers join.
  public int clusterPort() {
    return clusterPort;
  }

  int bodyMebibytes() {
    return bodyMebibytes;
  }
}
