// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.EngineClient;
import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.launcher.internal.config.LogSetup;
import dev.alcedo.launcher.internal.config.OutputArguments;
import dev.alcedo.launcher.internal.config.Settings;
import dev.alcedo.launcher.internal.message.ModelReply;
import dev.alcedo.launcher.internal.message.ModelSpec;
import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.runtime.api.AlcedoOptions;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;

/// A command: its arguments, and the engine that it talks to. Failures are thrown; whoever runs the
/// command reports them.
abstract class EngineCommand implements Callable<Integer> {
  @Mixin private OutputArguments output = new OutputArguments();

  private final CommandContext context;

  EngineCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public final Integer call() {
    if (Settings.isDebug(output)) {
      LogSetup.showDebug();
    }
    return execute().number();
  }

  /// Does what the command is for.
  abstract ExitStatus execute();

  CommandContext context() {
    return context;
  }

  Console console() {
    return context.console();
  }

  boolean isProgress() {
    return Settings.isProgress(output, context.environment());
  }

  LocalEngine engine(AlcedoOptions options) {
    return context.engines().start(options);
  }

  /// Loads a model, saying how far it is if it takes long.
  ModelReply load(EngineClient client, ModelSpec spec) {
    return load(client, spec, _ -> {});
  }

  /// The same; `onProgress` hears of it too.
  ModelReply load(EngineClient client, ModelSpec spec, Consumer<StreamEvent.Progress> onProgress) {
    ProgressLine progress = console().progress();
    progress.start(isProgress());
    try {
      return Replies.await(
          client.load(
              spec,
              event -> {
                if (event instanceof StreamEvent.Progress p) {
                  progress.report(p);
                  onProgress.accept(p);
                }
              }));
    } finally {
      progress.stop();
    }
  }
}
