// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import dev.alcedo.runtime.api.spi.KvLayout;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.runtime.api.tensor.DType;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Which model to load and how. Built with [#of(Path)] and the `with...` methods.
///
/// @param model GGUF file of the text model, any part of it if it is split
/// @param mmproj GGUF file with vision tower and projector, if pictures are wanted
/// @param contextLength positions of one session; 0 takes the model's own, at most
///   [#CONTEXT_LENGTH_DEFAULT_MAX]
/// @param kvType what the KV cache holds, one of [KvLayout#DTYPES]: F16, or Q8_0 in about half of
///   its memory
/// @param chunkLength positions that one prefill step takes (paper: 128)
/// @param backend backend for every stage that `stages` does not name; empty lets weights decide
/// @param stages backends by stage, as a device profile gives them
/// @param scheduler name of the scheduler
/// @param image how pictures are limited and tiled
/// @param encoding when pictures are encoded, and what is kept of that
/// @param memoryBytesMax what the memory plan may come to, see [MemoryPlan#totalBytes()]; 0 sets no
///   limit
public record ModelOptions(
    Path model,
    Optional<Path> mmproj,
    int contextLength,
    DType kvType,
    int chunkLength,
    Optional<String> backend,
    Map<Stage, String> stages,
    String scheduler,
    ImageOptions image,
    EncodingOptions encoding,
    long memoryBytesMax) {
  /// Longer contexts must be asked for: the KV cache grows with them.
  public static final int CONTEXT_LENGTH_DEFAULT_MAX = 4096;

  /// Checks ranges, copies the map.
  ///
  /// @throws InvalidRequestException naming the option that is out of range
  public ModelOptions {
    var copy = new EnumMap<Stage, String>(Stage.class);
    copy.putAll(stages);
    stages = java.util.Collections.unmodifiableMap(copy);
    if (contextLength < 0) {
      throw new InvalidRequestException(
          "contextLength: expected 0 or more positions, got " + contextLength);
    }
    if (!KvLayout.DTYPES.contains(kvType)) {
      throw new InvalidRequestException(
          "kvType: expected one of %s, got %s".formatted(names(), name(kvType)));
    }
    if (chunkLength < 1 || chunkLength > 4096) {
      throw new InvalidRequestException(
          "chunkLength: expected 1 to 4096 positions, got " + chunkLength);
    }
    if (memoryBytesMax < 0) {
      throw new InvalidRequestException(
          "memoryBytesMax: expected 0 or more, got " + memoryBytesMax);
    }
  }

  /// Defaults for a text model: chunks of 128, scheduler `chunked`.
  public static ModelOptions of(Path model) {
    return new ModelOptions(
        model,
        Optional.empty(),
        0,
        DType.F16,
        128,
        Optional.empty(),
        Map.of(),
        "chunked",
        ImageOptions.DEFAULTS,
        EncodingOptions.DEFAULTS,
        0);
  }

  /// These options with an mmproj file.
  public ModelOptions withMmproj(Path file) {
    return with(draft -> draft.mmproj = Optional.of(file));
  }

  /// These options with another context length in positions; 0 for the default.
  public ModelOptions withContextLength(int positions) {
    return with(draft -> draft.contextLength = positions);
  }

  /// These options with another type of KV cache.
  public ModelOptions withKvType(DType dtype) {
    return with(draft -> draft.kvType = dtype);
  }

  /// These options with another prefill chunk in positions.
  public ModelOptions withChunkLength(int positions) {
    return with(draft -> draft.chunkLength = positions);
  }

  /// These options with one backend for all stages that are not named.
  public ModelOptions withBackend(String id) {
    return with(draft -> draft.backend = Optional.of(id));
  }

  /// These options with backends by stage.
  public ModelOptions withStages(Map<Stage, String> backendsByStage) {
    return with(draft -> draft.stages = backendsByStage);
  }

  /// These options with a limit for the memory plan in bytes; 0 for none.
  public ModelOptions withMemoryBytesMax(long bytes) {
    return with(draft -> draft.memoryBytesMax = bytes);
  }

  /// These options with another scheduler.
  public ModelOptions withScheduler(String id) {
    return with(draft -> draft.scheduler = id);
  }

  /// These options with other picture settings.
  public ModelOptions withImage(ImageOptions options) {
    return with(draft -> draft.image = options);
  }

  /// These options with another way of encoding pictures.
  public ModelOptions withEncoding(EncodingOptions options) {
    return with(draft -> draft.encoding = options);
  }

  private static String names() {
    return KvLayout.DTYPES.stream().map(ModelOptions::name).collect(Collectors.joining(", "));
  }

  private static String name(DType dtype) {
    return dtype.name().toLowerCase(Locale.ROOT);
  }

  private ModelOptions with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /// Options that can be changed, so that each method above names only what it changes.
  private static final class Draft {
    private Path model;
    private Optional<Path> mmproj;
    private int contextLength;
    private DType kvType;
    private int chunkLength;
    private Optional<String> backend;
    private Map<Stage, String> stages;
    private String scheduler;
    private ImageOptions image;
    private EncodingOptions encoding;
    private long memoryBytesMax;

    Draft(ModelOptions options) {
      model = options.model;
      mmproj = options.mmproj;
      contextLength = options.contextLength;
      kvType = options.kvType;
      chunkLength = options.chunkLength;
      backend = options.backend;
      stages = options.stages;
      scheduler = options.scheduler;
      image = options.image;
      encoding = options.encoding;
      memoryBytesMax = options.memoryBytesMax;
    }

    ModelOptions options() {
      return new ModelOptions(
          model,
          mmproj,
          contextLength,
          kvType,
          chunkLength,
          backend,
          stages,
          scheduler,
          image,
          encoding,
          memoryBytesMax);
    }
  }
}
