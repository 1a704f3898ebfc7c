// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What an engine that answers requests is asked for, and how many it answers at a time: a
/// server's, or a worker's.
public final class SlotArguments {
  @Option(
      names = "--alias",
      paramLabel = "NAME",
      description = "What requests call the model. Default: its file's name.")
  private @Nullable String alias;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "4",
      description = "Requests that run at a time, each with a KV cache. Default: 4.")
  private int count;

  /// Made by picocli.
  public SlotArguments() {}

  /// Requests that run at a time.
  ///
  /// @throws dev.alcedo.runtime.api.InvalidRequestException if that is out of range
  public int count() {
    ServerSettings.check("--parallel", count, 1, 256);
    return count;
  }

  /// What requests call the model.
  ///
  /// @param modelFile the model's file, for its name; absent where workers know it
  public String modelName(@Nullable String modelFile) {
    return ServerSettings.modelName(alias, modelFile);
  }
}
