// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.config.LogSetup;
import dev.alcedo.launcher.internal.config.OutputArguments;
import dev.alcedo.launcher.internal.config.Settings;
import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.SyntheticModel;
import dev.alcedo.runtime.api.SyntheticModel.TextShape;
import dev.alcedo.runtime.api.WeightMix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Writes models of random weights. Needs no bus: nothing is loaded.
@Command(
    name = "synth",
    description = {
      "Writes a GGUF file of random weights in the shape of a known model, to measure",
      "with: it computes as much as the real one, and answers nonsense."
    },
    footer = {
      "",
      "Presets: tinyllama-1.1b, bluelm-v-3b, smolvlm-500m, gemma3-4b. --shape changes",
      "numbers of the preset's text model (architecture, contextLength, embeddingLength,",
      "blockCount, feedForwardLength, headCount, headCountKv, headLength, vocabSize,",
      "ropeFreqBase, isTied), --mmproj-shape those of its vision tower (projectorType,",
      "imageSize, patchSize, embeddingLength, blockCount, feedForwardLength, headCount,",
      "scaleFactor).",
      "",
      "Types: F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, IQ4_NL, Q2_K, Q3_K_S, Q3_K_M,",
      "Q3_K_L, Q4_K_S, Q4_K_M, Q5_K_S, Q5_K_M, Q6_K; tensors get dtypes as llama-quantize",
      "gives them. Equal arguments write equal files.",
      "",
      "Examples:",
      "  alcedo synth tiny.gguf --preset tinyllama-1.1b --type Q4_0",
      "  alcedo synth text.gguf --preset bluelm-v-3b --type Q4_K_M --mmproj vision.gguf",
      "  alcedo synth two-blocks.gguf --shape blockCount=2,vocabSize=4096 --type F16"
    })
final class SynthCommand implements Callable<Integer> {
  @Mixin private OutputArguments output = new OutputArguments();

  @Parameters(paramLabel = "OUT", description = "The text model's file.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path target;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      defaultValue = "tinyllama-1.1b",
      description = "Whose shape. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String preset;

  @Option(
      names = "--shape",
      paramLabel = "KEY=VALUE",
      split = ",",
      description = "Changes to the text model's shape. May be repeated.")
  private Map<String, String> shape = new LinkedHashMap<>();

  @Option(
      names = "--type",
      paramLabel = "T",
      defaultValue = "Q4_0",
      description = "Type of the text model's matrices. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String type;

  @Option(names = "--pure", description = "Give every matrix the same dtype, output included.")
  private boolean isPure;

  @Option(
      names = "--mmproj",
      paramLabel = "OUT",
      description = "Write a vision tower with its projector to this file too.")
  private @Nullable Path mmproj;

  @Option(
      names = "--mmproj-shape",
      paramLabel = "KEY=VALUE",
      split = ",",
      description = "Changes to the vision tower's shape. May be repeated.")
  private Map<String, String> mmprojShape = new LinkedHashMap<>();

  @Option(
      names = "--mmproj-type",
      paramLabel = "T",
      defaultValue = "F16",
      description = "Type of the vision tower's matrices. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String mmprojType;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Other seeds draw other weights. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = {"-f", "--force"},
      description = "Replace files that are there already.")
  private boolean isForced;

  private final CommandContext context;

  SynthCommand(CommandContext context) {
    this.context = context;
  }

  private record Job(SyntheticModel model, Path target) {}

  @Override
  public Integer call() {
    if (Settings.isDebug(output)) {
      LogSetup.showDebug();
    }
    List<Job> jobs = jobs();
    jobs.forEach(job -> requireFree(job.target()));
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS)) {
      jobs.forEach(job -> write(alcedo, job));
    }
    return ExitStatus.OK.number();
  }

  // All of them before the first is written, so that wrong usage costs no time.
  private List<Job> jobs() {
    SynthPreset known = SynthPreset.ofId(preset);
    TextShape text = known.text(shape);
    var jobs = new ArrayList<Job>();
    jobs.add(
        new Job(
            new SyntheticModel.Text(
                "synthetic " + known.id(), text, WeightMix.parse(type, isPure), seed),
            target));
    if (mmproj != null) {
      requireOtherFile(mmproj);
      jobs.add(
          new Job(
              new SyntheticModel.Mmproj(
                  "synthetic vision tower of " + known.id(),
                  known.vision(mmprojShape, text.embeddingLength()),
                  WeightMix.parse(mmprojType, false),
                  seed),
              mmproj));
    } else if (!mmprojShape.isEmpty()) {
      throw new InvalidRequestException("--mmproj-shape: needs --mmproj OUT to write to");
    }
    return jobs;
  }

  private void requireOtherFile(Path other) {
    if (other.toAbsolutePath().normalize().equals(target.toAbsolutePath().normalize())) {
      throw new InvalidRequestException(
          "--mmproj: expected another file than OUT, got %s twice".formatted(target));
    }
  }

  private void requireFree(Path file) {
    if (!isForced && Files.exists(file)) {
      throw new InvalidRequestException("%s: exists already; --force replaces it".formatted(file));
    }
  }

  private void write(Alcedo alcedo, Job job) {
    ProgressLine progress = context.console().progress();
    progress.start(Settings.isProgress(output, context.environment()));
    try {
      alcedo.synthesize(
          job.model(),
          job.target(),
          (step, done, total) -> progress.report(new StreamEvent.Progress(step, done, total)));
    } finally {
      progress.stop();
    }
    context
        .console()
        .println("%s: %s".formatted(job.target(), Sizes.text(job.target().toFile().length())));
  }
}
