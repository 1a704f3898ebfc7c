// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.MemoryPlan;
import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.ModelInfo;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.StageMemory;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.internal.family.TextFamilies;
import dev.alcedo.runtime.api.internal.family.TextModel;
import dev.alcedo.runtime.api.internal.gguf.GgufFile;
import dev.alcedo.runtime.api.internal.plan.Closing;
import dev.alcedo.runtime.api.internal.plan.Devices;
import dev.alcedo.runtime.api.internal.plan.Measurements;
import dev.alcedo.runtime.api.internal.plan.Placer;
import dev.alcedo.runtime.api.internal.plan.Providers;
import dev.alcedo.runtime.api.internal.template.ChatTemplate;
import dev.alcedo.runtime.api.internal.template.ChatTemplates;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.EncoderProvider;
import dev.alcedo.runtime.api.spi.KvCache;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.spi.Provider;
import dev.alcedo.runtime.api.spi.SchedulerProvider;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.runtime.api.spi.TokenizerProvider;
import dev.alcedo.runtime.api.spi.Tracer;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/// Loads one model: opens files, picks tokenizer, template, family, encoder and scheduler, compiles
/// graphs. Whatever was opened is closed again if a later step fails. Used once, by one thread.
final class ModelLoader {
  private final Providers providers;
  private final ModelOptions options;
  private final Placer placer;
  private final long processBytes = ProcessMemory.plannedBytes();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final List<ModelFile> files = new ArrayList<>();
  private boolean isInspecting;

  ModelLoader(Providers providers, Devices devices, ModelOptions options) {
    this.providers = providers;
    this.options = options;
    this.placer = new Placer(devices, options);
  }

  /// Loads.
  ///
  /// @throws dev.alcedo.runtime.api.VlmException naming what is the matter
  ModelParts load(Progress progress) {
    try {
      return loadParts(progress);
    } catch (OutOfMemoryError | ArithmeticException e) {
      Closing.closeAllAfter(e, opened);
      throw ResourceExhaustedException.ofMemory(
          "%s: no memory for the buffers of this model in a heap of %d bytes: lower --context or the chunk length, or raise -Xmx"
              .formatted(options.model().getFileName(), Runtime.getRuntime().maxMemory()),
          e);
    } catch (RuntimeException | Error e) {
      Closing.closeAllAfter(e, opened);
      throw e;
    }
  }

  /// What loading would give: places stages and plans memory. No weight is read, nothing compiled.
  ///
  /// @throws dev.alcedo.runtime.api.VlmException as [#load] would, as far as can be told
  ModelInfo inspect() {
    isInspecting = true;
    try {
      ModelInfo info = planned().info();
      Closing.closeAll(List.copyOf(opened));
      return info;
    } catch (RuntimeException | Error e) {
      Closing.closeAllAfter(e, opened);
      throw e;
    }
  }

  /// A model before anything of it is compiled.
  private record Planned(
      ModelFile file,
      Optional<ModelFile> mmproj,
      TextModel text,
      Tokenizer tokenizer,
      ChatTemplate template,
      SchedulerProvider scheduling,
      Optional<Encoder> encoder,
      int chunkLength,
      ModelInfo info) {
    long bytes() {
      return ModelLoader.bytes(file) + mmproj.map(ModelLoader::bytes).orElse(0L);
    }
  }

  private Planned planned() {
    ModelFile file = open(GgufFile.open(options.model()));
    Optional<ModelFile> mmproj = options.mmproj().map(p -> open(GgufFile.open(p)));
    TextModel text = TextFamilies.read(file, options.contextLength());
    Tokenizer tokenizer = tokenizer(providers, file.metadata());
    requireSameVocabulary(file, text, tokenizer);
    ChatTemplate template = ChatTemplates.of(tokenizer);
    SchedulerProvider scheduling = scheduler();
    Optional<Encoder> encoder =
        mmproj.map(m ->
            openEncoder(
                new Context(m, text.config().embeddingLength(), scheduling.isVisionPipelined())));
    int chunkLength = chunkLength(encoder);
    TextRunner.plan(text, placer, chunkLength);
    placer.requireCache(options.kvType());
    MemoryPlan memory = memory(text, encoder.isPresent(), mmproj);
    new MemoryBudget(options.memoryBytesMax())
        .require(file.path().getFileName().toString(), memory, 1);
    ModelInfo info = info(file, text, tokenizer, template, encoder, memory);
    return new Planned(
        file, mmproj, text, tokenizer, template, scheduling, encoder, chunkLength, info);
  }

  private ModelParts loadParts(Progress progress) {
    Planned plan = planned();
    var loading = new LoadProgress(progress, plan.bytes());
    placer.hear(loading::add);
    boolean isReleased = isReleased(plan.info().memory());
    if (!isReleased) {
      plan.encoder().ifPresent(Encoder::load);
    }
    loading.reach(plan.bytes() - bytes(plan.file()));
    var runner = new TextRunner(plan.text(), placer, plan.chunkLength());
    opened.push(runner);
    loading.reach(plan.bytes());
    placer.hear(_ -> {});
    return new ModelParts(
        options,
        placer.tracer(),
        plan.info().withPlacement(placer.placements()),
        files,
        plan.text(),
        runner,
        plan.scheduling().open(plan.chunkLength()),
        plan.tokenizer(),
        plan.template(),
        plan.encoder().map(e -> new EncoderOnDemand(e, plan.mmproj().orElseThrow())),
        isPrefillFollowing(plan.encoder()),
        isReleased);
  }

  /// Whether the encoder is there only while it encodes: if asked for, or if keeping it would take
  /// more than three quarters of what there is.
  private boolean isReleased(MemoryPlan plan) {
    return switch (options.encoding().residence()) {
      case KEEP -> false;
      case RELEASE -> true;
      case AUTO -> {
        long limit = options.memoryBytesMax() > 0 ? options.memoryBytesMax() : Long.MAX_VALUE;
        long available = Math.min(limit, HostMemory.availableBytes().orElse(Long.MAX_VALUE));
        yield plan.totalBytes() > available / 4 * 3;
      }
    };
  }

  /// On one device, the two would only take turns.
  private boolean isPrefillFollowing(Optional<Encoder> encoder) {
    return switch (options.encoding().prefillFollows()) {
      case ON -> true;
      case OFF -> false;
      case AUTO -> encoder.isPresent() && !placer.isShared(Stage.VISION_BLOCKS, Stage.TEXT_PREFILL);
    };
  }

  /// The tokenizer for a model's metadata, by the first kind that can read it.
  ///
  /// @throws UnsupportedModelException with every kind's reason if there is none
  static Tokenizer tokenizer(Providers providers, Metadata metadata) {
    List<String> reasons = new ArrayList<>();
    for (TokenizerProvider provider : providers.tokenizers()) {
      switch (provider.supports(metadata)) {
        case Support.Supported _ -> {
          return provider.open(metadata);
        }
        case Support.Unsupported(String why) -> reasons.add(provider.id() + ": " + why);
      }
    }
    throw new UnsupportedModelException(
        "%s: no tokenizer reads this model: %s"
            .formatted(metadata.source(), String.join("; ", reasons)));
  }

  private static void requireSameVocabulary(ModelFile file, TextModel text, Tokenizer tokenizer) {
    // More rows than tokens are common (padded tables); fewer would read past the end.
    if (tokenizer.vocabSize() > text.vocabSize()) {
      throw new ModelFormatException(
          "%s: the vocabulary has %d tokens, the embedding table %d rows"
              .formatted(file.metadata().source(), tokenizer.vocabSize(), text.vocabSize()));
    }
  }

  /// Positions of a run: as asked for, or what the longest bidirectional span of a picture needs.
  private int chunkLength(Optional<Encoder> encoder) {
    int needed = encoder.map(Encoder::bidirectionalTokenCountMax).orElse(0);
    return Math.max(options.chunkLength(), needed);
  }

  private SchedulerProvider scheduler() {
    for (SchedulerProvider provider : providers.schedulers()) {
      if (provider.id().equals(options.scheduler())) {
        return provider;
      }
    }
    throw new InvalidRequestException(
        "no scheduler is called '%s'; known: %s"
            .formatted(
                options.scheduler(),
                providers.schedulers().stream()
                    .map(Provider::id)
                    .collect(Collectors.joining(", "))));
  }

  private Encoder openEncoder(Context context) {
    Metadata metadata = context.mmproj().metadata();
    if (!metadata.architecture().equals("clip")) {
      throw new UnsupportedModelException(
          "%s is a text model (architecture '%s'), not an image encoder: give it as --model"
              .formatted(metadata.source(), metadata.architecture()));
    }
    List<String> reasons = new ArrayList<>();
    for (EncoderProvider provider : providers.encoders()) {
      switch (provider.supports(metadata)) {
        case Support.Supported _ -> {
          Encoder encoder = provider.open(context);
          opened.push(encoder);
          return encoder;
        }
        case Support.Unsupported(String why) -> reasons.add(provider.id() + ": " + why);
      }
    }
    throw new UnsupportedModelException(
        "%s: no encoder reads this mmproj file: %s"
            .formatted(
                metadata.source(),
                reasons.isEmpty()
                    ? "no encoder module is on the module path; add vision-pipeline"
                    : String.join("; ", reasons)));
  }

  /// What the encoder gets from the core.
  private final class Context implements EncoderContext {
    private final ModelFile mmproj;
    private final int embeddingLength;
    private final boolean isPipelined;

    Context(ModelFile mmproj, int embeddingLength, boolean isPipelined) {
      this.mmproj = mmproj;
      this.embeddingLength = embeddingLength;
      this.isPipelined = isPipelined;
    }

    @Override
    public ModelFile mmproj() {
      return mmproj;
    }

    @Override
    public int embeddingLength() {
      return embeddingLength;
    }

    @Override
    public ImageOptions imageOptions() {
      return options.image();
    }

    @Override
    public String lane(Stage stage) {
      return isPipelined ? placer.lane(stage) : "";
    }

    @Override
    public Tracer tracer() {
      return placer.tracer();
    }

    @Override
    public void plan(Stage stage, Graph graph, int itemCountMax, long bufferBytes) {
      placer.plan(stage, graph, itemCountMax, bufferBytes);
    }

    @Override
    public OptionalInt measuredOnce(Stage stage, String what, IntSupplier measure) {
      Measurements measurements = placer.measurements();
      String name = "%s on %s".formatted(what, placer.device(stage)).replaceAll("\\R", " ");
      OptionalInt known = measurements.find(name);
      if (known.isPresent() || isInspecting) {
        return known;
      }
      int value = measure.getAsInt();
      measurements.remember(name, value);
      return OptionalInt.of(value);
    }

    @Override
    public CompiledGraph compile(Stage stage, Graph graph, int itemCountMax) {
      return placer.compile(stage, graph, itemCountMax);
    }
  }

  /// What the model will take, from metadata: nothing is compiled yet.
  private MemoryPlan memory(TextModel text, boolean hasEncoder, Optional<ModelFile> mmproj) {
    List<StageMemory> stages = placer.memory();
    List<StageMemory> vision = stages.stream().filter(s -> s.stage().isVision()).toList();
    List<StageMemory> rest = stages.stream().filter(s -> !s.stage().isVision()).toList();
    // An encoder that tells nothing of its graphs takes its file at least.
    long encoderBytes =
        vision.isEmpty()
            ? mmproj.map(ModelLoader::bytes).orElse(0L)
            : vision.stream().mapToLong(StageMemory::weightBytes).sum();
    int contextLength = text.config().sessionLength();
    return new MemoryPlan(
        rest.stream().mapToLong(StageMemory::weightBytes).sum(),
        encoderBytes,
        KvCache.byteSize(text.config().kvLayout(options.kvType()), contextLength),
        rest.stream().mapToLong(StageMemory::scratchBytes).sum(),
        vision.stream().mapToLong(StageMemory::scratchBytes).sum(),
        hasEncoder ? 4L * contextLength * text.config().embeddingLength() : 0,
        processBytes,
        stages);
  }

  private ModelInfo info(
      ModelFile file,
      TextModel text,
      Tokenizer tokenizer,
      ChatTemplate template,
      Optional<Encoder> encoder,
      MemoryPlan memory) {
    int contextLength = text.config().sessionLength();
    return new ModelInfo(
        file.metadata().string("general.name", file.path().getFileName().toString()),
        text.config().describe(),
        tokenizer.describe(),
        template.describe(),
        encoder.map(Encoder::describe).orElse(""),
        contextLength,
        text.config().contextLength(),
        dtypeBytes(),
        memory,
        placer.placements());
  }

  private Map<String, Long> dtypeBytes() {
    Map<String, Long> bytes = new TreeMap<>();
    for (ModelFile file : files) {
      for (TensorView view : file.tensors().values()) {
        bytes.merge(view.dtype().name(), view.byteSize(), Long::sum);
      }
    }
    return bytes;
  }

  private static long bytes(ModelFile file) {
    return file.tensors().values().stream().mapToLong(TensorView::byteSize).sum();
  }

  private ModelFile open(ModelFile file) {
    opened.push(file);
    files.add(file);
    return file;
  }
}
