// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bench.Bench;
import dev.alcedo.launcher.internal.bench.BenchPlan;
import dev.alcedo.launcher.internal.bench.BenchResult;
import dev.alcedo.launcher.internal.bus.Json;
import dev.alcedo.launcher.internal.config.LogSetup;
import dev.alcedo.launcher.internal.config.Machine;
import dev.alcedo.launcher.internal.config.OutputArguments;
import dev.alcedo.launcher.internal.config.Settings;
import dev.alcedo.launcher.internal.config.TileBatch;
import dev.alcedo.launcher.internal.message.ModelSpec;
import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ModelInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Measures a model on this machine.
@Command(
    name = "bench",
    description = "Measures how fast a model runs here: prefill, decode, pictures, loading.",
    footer = {
      "",
      "ppN is prefill of N positions, tgN decode of N tokens, '@ dD' with D positions in",
      "the KV cache before. Every test runs unmeasured first; shown are the median, the",
      "smallest and the largest of the measured runs. Allocation is Java heap that the",
      "engine's and the backend's threads take per token; peak memory is the process's",
      "so far, mapped weights included.",
      "",
      "Examples:",
      "  alcedo bench -m model.gguf -p 128,512 -n 32 -d 0,1024 -t 1,2",
      "  alcedo bench -m model.gguf --mmproj vision.gguf --image-size 768x1536 -p 0 -n 0",
      "  alcedo bench -m model.gguf --json"
    })
final class BenchCommand implements Callable<Integer> {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,6})[x*](\\d{1,6})");
  private static final int THREADS_MAX = 1024;
  private static final int REPETITIONS_MAX = 10_000;
  private static final int WARM_UP_SECONDS_MAX = 3600;

  @Mixin private OutputArguments output = new OutputArguments();

  @Option(
      names = {"-m", "--model"},
      paramLabel = "FILE",
      required = true,
      description = "GGUF file of the text model.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path model;

  @Option(
      names = "--mmproj",
      paramLabel = "FILE",
      description = "GGUF file with vision tower and projector: measure pictures too.")
  private @Nullable Path mmproj;

  @Option(
      names = "--image-size",
      paramLabel = "WxH",
      defaultValue = "384x384",
      description = "Pixels of the picture. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String imageSize;

  @Option(
      names = {"-p", "--n-prompt"},
      paramLabel = "N",
      split = ",",
      defaultValue = "512",
      description = "Positions to prefill; 0: no such test. Default: ${DEFAULT-VALUE}.")
  private List<Integer> prompts = new ArrayList<>();

  @Option(
      names = {"-n", "--n-gen"},
      paramLabel = "N",
      split = ",",
      defaultValue = "32",
      description = "Tokens to decode; 0: no such test. Default: ${DEFAULT-VALUE}.")
  private List<Integer> decodes = new ArrayList<>();

  @Option(
      names = {"-d", "--n-depth"},
      paramLabel = "N",
      split = ",",
      defaultValue = "0,1024",
      description = "Positions in the KV cache before. Default: ${DEFAULT-VALUE}.")
  private List<Integer> depths = new ArrayList<>();

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      split = ",",
      defaultValue = "0",
      description = "CPU threads; 0: one for each core. Default: ${DEFAULT-VALUE}.")
  private List<Integer> threads = new ArrayList<>();

  @Option(
      names = {"-r", "--repetitions"},
      paramLabel = "N",
      defaultValue = "5",
      description = "Measured runs of each test. Default: ${DEFAULT-VALUE}.")
  private int repetitions;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "2",
      description =
          "Unmeasured runs of each test before, one at least; 0: none. Default: ${DEFAULT-VALUE}.")
  private int warmUpSeconds;

  @Option(
      names = "--backend",
      paramLabel = "ID",
      description = "Backend for all stages, see 'alcedo devices'. Default: the best one here.")
  private @Nullable String backend;

  @Option(
      names = {"-c", "--context"},
      paramLabel = "N",
      description = "Positions of the session. Default: what the tests need.")
  private @Nullable Integer context;

  @Option(
      names = "--kv-type",
      paramLabel = "TYPE",
      description =
          "What the KV cache holds: f16, or q8_0, which takes about half of it. Default: f16.")
  private @Nullable String kvType;

  @Option(
      names = "--chunk",
      paramLabel = "N",
      description = "Positions of one prefill step. Default: 128.")
  private @Nullable Integer chunk;

  @Option(
      names = "--tile-batch",
      paramLabel = "N",
      converter = TileBatch.class,
      description =
          "Tiles that the vision tower takes at once at most, 1 to 64; auto: what is quickest"
              + " here, measured once and remembered. Default: 4.")
  private @Nullable Integer tileBatch;

  @Option(
      names = "--scheduler",
      paramLabel = "ID",
      description = "As for 'run': sequential, chunked or pipelined. Default: chunked.")
  private @Nullable String scheduler;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean isJson;

  private final CommandContext commands;
  private final Function<AlcedoOptions, Alcedo> engines;

  /// @param engines opens an engine
  BenchCommand(CommandContext commands, Function<AlcedoOptions, Alcedo> engines) {
    this.commands = commands;
    this.engines = engines;
  }

  @Override
  public Integer call() {
    if (Settings.isDebug(output)) {
      LogSetup.showDebug();
    }
    BenchPlan plan = plan();
    Machine machine = Machine.here();
    var results = new ArrayList<BenchResult>();
    var models = new ArrayList<ModelInfo>();
    ProgressLine line = commands.console().progress();
    var bench =
        new Bench(
            plan,
            threads -> engines.apply(Settings.engine(threads, commands.environment())),
            (step, done, total) -> line.report(new StreamEvent.Progress(step, done, total)));
    line.start(Settings.isProgress(output, commands.environment()));
    try {
      bench.run(
          info -> {
            if (models.isEmpty() && !isJson) {
              BenchText.head(machine, info, plan).forEach(commands.console()::println);
            }
            if (models.isEmpty() && plan.positions() > info.contextLengthTrained()) {
              commands
                  .console()
                  .say(
                      "note: the tests take %d positions, the model was trained for %d"
                          .formatted(plan.positions(), info.contextLengthTrained()));
            }
            models.add(info);
          },
          result -> {
            results.add(result);
            if (!isJson) {
              commands.console().println(BenchText.line(result));
            }
          });
    } finally {
      line.stop();
    }
    if (isJson) {
      commands
          .console()
          .println(Json.text(BenchJson.of(machine, models.getFirst(), plan, results)));
    }
    return ExitStatus.OK.number();
  }

  private BenchPlan plan() {
    threads.forEach(n -> within("--threads", n, 0, THREADS_MAX));
    within("--repetitions", repetitions, 1, REPETITIONS_MAX);
    within("--warm-up", warmUpSeconds, 0, WARM_UP_SECONDS_MAX);
    var spec =
        new ModelSpec(
            model.toString(),
            mmproj == null ? null : mmproj.toString(),
            context,
            kvType,
            chunk,
            backend,
            null,
            scheduler,
            null,
            null,
            null,
            tileBatch,
            null,
            null,
            null,
            null,
            null);
    return new BenchPlan(
        spec.toOptions(),
        BenchPlan.cases(prompts, decodes, depths),
        mmproj == null ? Optional.empty() : Optional.of(size()),
        threads,
        repetitions,
        Duration.ofSeconds(warmUpSeconds));
  }

  private BenchPlan.PictureSize size() {
    Matcher matcher = SIZE.matcher(imageSize);
    if (!matcher.matches()) {
      throw new InvalidRequestException(
          "--image-size: expected width and height, e.g. 768x1536, got '%s'".formatted(imageSize));
    }
    return new BenchPlan.PictureSize(
        Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  private static void within(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new InvalidRequestException(
          "%s: expected %d to %d, got %d".formatted(option, min, max, value));
    }
  }
}
