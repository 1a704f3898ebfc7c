// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import dev.alcedo.launcher.internal.message.ModelSpec;
import dev.alcedo.runtime.api.EncodingOptions.Lever;
import dev.alcedo.runtime.api.EncodingOptions.Residence;
import dev.alcedo.runtime.api.ImageOptions.TileRule;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which model, and where and how it runs.
public final class ModelArguments {
  @Option(
      names = {"-m", "--model"},
      paramLabel = "FILE",
      description = "GGUF file of the text model. Default: the example model Alcedo-Tiny.")
  private @Nullable Path model;

  @Option(
      names = "--mmproj",
      paramLabel = "FILE",
      description = "GGUF file with vision tower and projector, for pictures.")
  private @Nullable Path mmproj;

  @Option(
      names = "--backend",
      paramLabel = "ID",
      description = "Backend for all stages, see 'alcedo devices'. Default: the best one here.")
  private @Nullable String backend;

  @Option(
      names = "--stage",
      paramLabel = "STAGE=ID",
      description =
          "Backend for one stage: vision.patchEmbed, vision.blocks, vision.projector,"
              + " text.prefill, text.decode or text.logits. May be repeated. text.decode=measured"
              + " puts it where a measurement at first load says that it is faster.")
  private Map<String, String> stages = new LinkedHashMap<>();

  @Option(
      names = "--profile",
      paramLabel = "FILE",
      converter = DeviceProfile.Reader.class,
      description = "Device profile (JSON): backends by stage. What --stage names comes before it.")
  private @Nullable DeviceProfile profile;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "CPU threads. Default: one for each core.")
  private int threads;

  @Option(
      names = {"-c", "--context"},
      paramLabel = "N",
      description = "Positions of a session. Default: the model's own, at most 4096.")
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
      names = "--scheduler",
      paramLabel = "ID",
      description =
          "How requests share the model: sequential, chunked, or pipelined: chunked,"
              + " with overlapping stages of the image encoder. Default: chunked.")
  private @Nullable String scheduler;

  @Option(
      names = "--image-rule",
      paramLabel = "RULE",
      converter = TileRuleNames.class,
      completionCandidates = TileRuleNames.class,
      description =
          "How large pictures are cut into tiles: ${COMPLETION-CANDIDATES}. Default: relaxed.")
  private @Nullable TileRule imageRule;

  @Option(names = "--no-tiling", description = "Look at the overview of a picture alone.")
  private boolean isUntiled;

  @Option(
      names = "--image-grid",
      paramLabel = "COLSxROWS",
      description =
          "Tiles across and down at most, 1 to 16 each, e.g. 2x4. Default: the model's own.")
  private @Nullable String imageGrid;

  @Option(
      names = "--tile-batch",
      paramLabel = "N",
      converter = TileBatch.class,
      description =
          "Tiles that the vision tower takes at once at most, 1 to 64; auto: what is quickest"
              + " here, measured once and remembered. Default: 4.")
  private @Nullable Integer tileBatch;

  @Option(
      names = "--image-max-tokens",
      paramLabel = "N",
      description =
          "Image tokens of a picture at most; the best tile grid within it is taken."
              + " Default: no limit.")
  private @Nullable Integer imageTokensMax;

  @Option(
      names = "--image-alpha",
      paramLabel = "A",
      description =
          "Threshold of the rule 'relaxed', 0 to 1. Default: the model's own, 0.1 as a rule.")
  private @Nullable Float imageAlpha;

  @Option(
      names = "--prefill-follows",
      paramLabel = "WHEN",
      description =
          "Prefill image tokens as their tiles arrive, while others are encoded: on, off, or auto"
              + " (where the two run on different devices). Default: auto.")
  private @Nullable Lever prefillFollows;

  @Option(
      names = "--encoder",
      paramLabel = "WHEN",
      description =
          "Whether the image encoder stays in memory between pictures: keep, release, or auto"
              + " (keep if there is memory). Default: auto.")
  private @Nullable Residence encoder;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Write what ran when to a file, for Chrome's tracing page or Perfetto.")
  private @Nullable Path trace;

  @Option(
      names = "--max-memory",
      paramLabel = "SIZE",
      converter = ByteCount.class,
      description =
          "What the model may take as 'inspect' plans it, e.g. 1500M or 2G. Default: no limit.")
  private @Nullable Long memoryMax;

  /// Made by picocli.
  public ModelArguments() {}

  /// Whether a model was named.
  public boolean isModelNamed() {
    return model != null;
  }

  /// CPU threads; 0 lets the backend choose.
  int threads() {
    return threads;
  }

  /// Where to write a trace, if anywhere.
  @Nullable Path trace() {
    return trace;
  }

  /// What was named, with `example` where no model was; an mmproj file alone joins the example's
  /// text model.
  ModelSpec spec(@Nullable ExampleModel example) {
    Path file = model == null && example != null ? example.model() : model;
    Path vision = mmproj == null && example != null ? example.mmproj() : mmproj;
    return spec(String.valueOf(file), vision);
  }

  /// The same settings for another file, as `inspect FILE` takes it.
  ModelSpec spec(Path file) {
    return spec(file.toString(), mmproj);
  }

  private ModelSpec spec(String file, @Nullable Path vision) {
    return new ModelSpec(
        file,
        vision == null ? null : vision.toString(),
        context,
        kvType,
        chunk,
        backend,
        placement(),
        scheduler,
        imageRule,
        isUntiled ? Boolean.FALSE : null,
        imageGrid,
        tileBatch(),
        imageTokensMax,
        imageAlpha,
        prefillFollows,
        encoder,
        memoryMax);
  }

  private @Nullable Integer tileBatch() {
    return tileBatch == null && profile != null ? profile.tileBatch() : tileBatch;
  }

  private @Nullable Map<String, String> placement() {
    Map<String, String> all = profile == null ? stages : profile.with(stages);
    return all.isEmpty() ? null : all;
  }
}
