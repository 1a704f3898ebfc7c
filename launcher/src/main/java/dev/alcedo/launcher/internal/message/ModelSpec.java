// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import dev.alcedo.runtime.api.EncodingOptions;
import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.spi.KvLayout;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.runtime.api.tensor.DType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which model to load and how. Absent fields take the engine's defaults.
///
/// @param file GGUF file of the text model
/// @param mmproj GGUF file with vision tower and projector
/// @param contextLength positions of a session
/// @param kvType what the KV cache holds: `f16` or `q8_0`
/// @param chunkLength positions of one prefill step
/// @param backend for every stage that `stages` does not name
/// @param stages backends by stage name, e.g. `text.prefill`
/// @param scheduler name of the scheduler
/// @param imageRule how tile grids are chosen
/// @param tiled whether large pictures are cut into tiles
/// @param imageGrid the largest tile grid, e.g. `2x4`; in place of the model's own
/// @param tileBatch tiles that the vision tower takes at once at most; 0 for what is quickest here
/// @param imageTokensMax image tokens of a picture at most; 0 sets no limit
/// @param imageAlpha the relaxed rule's threshold, 0 to 1
/// @param prefillFollows whether image tokens are prefilled as their tiles arrive
/// @param encoder whether the image encoder stays in memory between pictures
/// @param memoryBytesMax what the memory plan may come to; 0 sets no limit
public record ModelSpec(
    String file,
    @Nullable String mmproj,
    @Nullable Integer contextLength,
    @Nullable String kvType,
    @Nullable Integer chunkLength,
    @Nullable String backend,
    @Nullable Map<String, String> stages,
    @Nullable String scheduler,
    ImageOptions.@Nullable TileRule imageRule,
    @Nullable Boolean tiled,
    @Nullable String imageGrid,
    @Nullable Integer tileBatch,
    @Nullable Integer imageTokensMax,
    @Nullable Float imageAlpha,
    EncodingOptions.@Nullable Lever prefillFollows,
    EncodingOptions.@Nullable Residence encoder,
    @Nullable Long memoryBytesMax) {
  private static final Pattern GRID = Pattern.compile("([1-9]\\d?)x([1-9]\\d?)");

  /// A file with the engine's defaults.
  public static ModelSpec of(String file) {
    return new ModelSpec(
        file, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        null, null);
  }

  /// The engine's options.
  ///
  /// @throws InvalidRequestException naming the field that is out of range
  public ModelOptions toOptions() {
    ModelOptions options = ModelOptions.of(path("file", file));
    if (mmproj != null) {
      options = options.withMmproj(path("mmproj", mmproj));
    }
    if (contextLength != null) {
      options = options.withContextLength(contextLength);
    }
    if (kvType != null) {
      options = options.withKvType(dtype(kvType));
    }
    if (chunkLength != null) {
      options = options.withChunkLength(chunkLength);
    }
    if (backend != null) {
      options = options.withBackend(backend);
    }
    if (stages != null) {
      options = options.withStages(byStage(stages));
    }
    if (scheduler != null) {
      options = options.withScheduler(scheduler);
    }
    if (memoryBytesMax != null) {
      options = options.withMemoryBytesMax(memoryBytesMax);
    }
    EncodingOptions encoding = options.encoding();
    encoding = prefillFollows == null ? encoding : encoding.prefillFollows(prefillFollows);
    encoding = encoder == null ? encoding : encoding.residence(encoder);
    return options.withEncoding(encoding).withImage(imageOptions(options.image()));
  }

  /// The same with sessions of `length` positions.
  public ModelSpec withContextLength(int length) {
    return new ModelSpec(
        file,
        mmproj,
        length,
        kvType,
        chunkLength,
        backend,
        stages,
        scheduler,
        imageRule,
        tiled,
        imageGrid,
        tileBatch,
        imageTokensMax,
        imageAlpha,
        prefillFollows,
        encoder,
        memoryBytesMax);
  }

  private ImageOptions imageOptions(ImageOptions defaults) {
    ImageOptions image = imageRule == null ? defaults : defaults.rule(imageRule);
    image = imageAlpha == null ? image : image.alpha(imageAlpha);
    image = tiled == null ? image : image.tiled(tiled);
    image = imageGrid == null ? image : image.gridMax(gridMax(imageGrid));
    image = tileBatch == null ? image : image.tileBatchMax(tileBatch);
    return imageTokensMax == null ? image : image.tokensMax(imageTokensMax);
  }

  private static ImageOptions.GridMax gridMax(String text) {
    Matcher matcher = GRID.matcher(text);
    if (!matcher.matches()) {
      throw new InvalidRequestException(
          "imageGrid: expected tiles across and down, 1 to 16 each, e.g. 2x4, got '%s'"
              .formatted(text));
    }
    return new ImageOptions.GridMax(
        Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  private static DType dtype(String name) {
    return KvLayout.DTYPES.stream()
        .filter(dtype -> dtype.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() ->
            new InvalidRequestException(
                "kvType: expected one of %s, got '%s'"
                    .formatted(
                        KvLayout.DTYPES.stream()
                            .map(dtype -> dtype.name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", ")),
                        name)));
  }

  private static Map<Stage, String> byStage(Map<String, String> named) {
    var out = new EnumMap<Stage, String>(Stage.class);
    named.forEach(
        (name, backend) -> out.put(Stage.ofId(name).orElseThrow(() -> unknown(name)), backend));
    return out;
  }

  private static InvalidRequestException unknown(String name) {
    String known = Arrays.stream(Stage.values()).map(Stage::id).collect(Collectors.joining(", "));
    return new InvalidRequestException(
        "stages: expected one of %s, got '%s'".formatted(known, name));
  }

  private static Path path(String field, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      throw new InvalidRequestException(field + ": expected the path of a file, got nothing");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new InvalidRequestException(
          "%s: expected the path of a file, got '%s'".formatted(field, text), e);
    }
  }
}
