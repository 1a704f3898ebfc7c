// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import dev.alcedo.launcher.internal.message.GenerationSpec;
import dev.alcedo.launcher.internal.message.ModelSpec;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.spi.BackendOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What a command was told, by arguments, environment and defaults, in this order.
///
/// @param engine how the engine is set up
/// @param model which model and how it runs
/// @param generation how answers are drawn
public record Settings(AlcedoOptions engine, ModelSpec model, GenerationSpec generation) {
  /// CPU threads at most; more than that is a typing error.
  private static final int THREADS_MAX = 1024;

  /// Settings of a command that generates.
  ///
  /// @throws InvalidRequestException naming what is out of range, or that there is no example model
  public static Settings of(
      ModelArguments model,
      GenerationArguments generation,
      boolean isEndIgnored,
      int topCount,
      Environment environment) {
    return new Settings(
        engine(model, environment),
        spec(model, environment),
        generation.spec(isEndIgnored, topCount));
  }

  /// How answers are drawn where requests do not say.
  ///
  /// @throws InvalidRequestException naming what is out of range
  public static GenerationSpec generation(GenerationArguments generation) {
    return generation.spec(false, 0);
  }

  /// These settings, always taking the best token.
  public Settings greedy() {
    return new Settings(engine, model, generation.greedy());
  }

  /// How the engine is set up.
  ///
  /// @throws InvalidRequestException naming what is out of range
  public static AlcedoOptions engine(ModelArguments model, Environment environment) {
    AlcedoOptions options = engine(model.threads(), environment);
    Path trace = model.trace();
    return trace == null ? options : options.withTrace(TraceFile.create(trace));
  }

  /// An engine with so many CPU threads; 0 for all. A GPU's compiled programs are kept, and what is
  /// measured of an APU.
  ///
  /// @throws InvalidRequestException if there cannot be so many
  public static AlcedoOptions engine(int threads, Environment environment) {
    if (threads < 0 || threads > THREADS_MAX) {
      throw new InvalidRequestException(
          "--threads: expected 0 to %d, got %d".formatted(THREADS_MAX, threads));
    }
    var options =
        new AlcedoOptions(
            Map.of(
                "cpu",
                new BackendOptions(threads, Optional.empty()),
                "gpu",
                new BackendOptions(0, environment.cacheFolder()),
                "apu",
                new BackendOptions(0, environment.cacheFolder())));
    return environment.cacheFolder().map(options::withCacheFolder).orElse(options);
  }

  /// The model that was named, or the example.
  ///
  /// @throws InvalidRequestException if none was named and there is no example
  public static ModelSpec spec(ModelArguments model, Environment environment) {
    if (model.isModelNamed()) {
      return model.spec((ExampleModel) null);
    }
    ExampleModel example =
        ExampleModel.find(environment)
            .orElseThrow(() ->
                new InvalidRequestException(
                    "the example model is not in %s; name a model with --model FILE"
                        .formatted(ExampleModel.place(environment))));
    return model.spec(example);
  }

  /// The settings of `model` for another file.
  public static ModelSpec spec(ModelArguments model, Path file) {
    return model.spec(file);
  }

  /// Whether to log what happens.
  public static boolean isDebug(OutputArguments output) {
    return output.isDebug();
  }

  /// Whether progress lines are wanted and can be seen. `ALCEDO_PROGRESS` overrules the terminal:
  /// `always` or `never`.
  public static boolean isProgress(OutputArguments output, Environment environment) {
    return switch (environment.variable("ALCEDO_PROGRESS").orElse("auto")) {
      case "always" -> true;
      case "never" -> false;
      default -> environment.isErrorTerminal() && !output.isQuiet();
    };
  }
}
