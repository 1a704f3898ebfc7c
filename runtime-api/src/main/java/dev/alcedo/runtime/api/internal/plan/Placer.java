// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.Placement;
import dev.alcedo.runtime.api.StageMemory;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.internal.plan.FasterBackend.Measured;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.runtime.api.spi.Tracer;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Places and compiles the graphs of one model, and keeps the report. One thread at a time.
public final class Placer {
  /// In place of a backend's id: the stage runs where a measurement says that it is faster.
  public static final String MEASURED = "measured";

  private static final Logger LOG = LoggerFactory.getLogger(Placer.class);

  private final Devices devices;
  private final ModelOptions options;
  private final Map<Stage, Placement> placements = new EnumMap<>(Stage.class);
  private final Map<Stage, Map<String, Part>> parts = new EnumMap<>(Stage.class);
  private final MemoryLedger ledger = new MemoryLedger();
  private final Map<Stage, Measured> measured = new EnumMap<>(Stage.class);
  private LongConsumer weightsReady = _ -> {};

  /// One graph of a stage.
  private record Part(int nodeCount, List<String> fallbacks) {}

  /// For one model on `devices`.
  ///
  /// @throws InvalidRequestException if a stage that cannot be is to be placed by measurement
  public Placer(Devices devices, ModelOptions options) {
    this.devices = devices;
    this.options = options;
    options
        .stages()
        .forEach((stage, id) -> {
          if (id.equals(MEASURED) && stage != Stage.TEXT_DECODE) {
            throw new InvalidRequestException(
                "stage '%s': expected a backend's id, got '%s', which is for %s only"
                    .formatted(stage.id(), MEASURED, Stage.TEXT_DECODE.id()));
          }
        });
  }

  /// Compiles `graph` on the backend that profile, options or weights give `stage`; what that
  /// backend does not support goes to cpu. The caller closes the result.
  ///
  /// @throws dev.alcedo.runtime.api.VlmException if no backend can run it, or compiling fails
  public CompiledGraph compile(Stage stage, Graph graph, int itemCountMax) {
    Devices.Choice choice = choose(stage);
    Partitioner.Partition partition = partition(graph, choice);
    CompiledGraph compiled =
        PlacedGraph.compile(graph, partition.parts(), itemCountMax, weightsReady);
    report(stage, graph, choice, partition.fallbacks());
    CompiledGraph replaceable =
        choice.id().equals(Devices.FALLBACK)
            ? compiled
            : new ReplaceableGraph(
                devices, choice.backend(), compiled, other -> other.compile(graph, itemCountMax));
    return new TracedGraph(replaceable, stage, choice.id(), devices.tracer());
  }

  /// From now on, `listener` gets the bytes of weights that compiling has brought into place.
  public void hear(LongConsumer listener) {
    weightsReady = listener;
  }

  /// Whether `stage` is placed by measurement.
  public boolean isMeasured(Stage stage) {
    return MEASURED.equals(options.stages().get(stage));
  }

  /// Places a stage that [#isMeasured] where it was measured before to be faster, if it was: on the
  /// backend of stage `other`, or on the fallback.
  public void recall(Stage stage, Stage other, Graph graph) {
    faster(other, graph)
        .flatMap(FasterBackend::known)
        .ifPresent(known -> measured.put(stage, known));
  }

  private Optional<FasterBackend> faster(Stage other, Graph graph) {
    Devices.Choice asked = choose(other);
    return devices
        .fallback()
        .filter(fallback -> fallback != asked.backend())
        .map(fallback -> new FasterBackend(asked, fallback, graph, devices.measurements()));
  }

  /// The graph of a stage that [#isMeasured], where it is faster.
  ///
  /// @param other whose backend is compared with the fallback
  /// @param shared the same graph, compiled for `other`
  /// @param timing nanoseconds of a step; called if this was never measured on this machine
  /// @return `shared`, or another one, which the caller closes
  public CompiledGraph compileFaster(
      Stage stage,
      Stage other,
      CompiledGraph shared,
      Graph graph,
      int itemCountMax,
      ToLongFunction<CompiledGraph> timing) {
    Optional<FasterBackend> faster = faster(other, graph);
    if (faster.isEmpty()) {
      share(stage, other);
      return shared;
    }
    recall(stage, other, graph);
    if (isShared(stage, other)) {
      share(stage, other);
      return shared;
    }
    CompiledGraph compiled = compile(stage, graph, itemCountMax);
    if (!measured.containsKey(stage)) {
      try {
        measured.put(stage, faster.get().measure(shared, compiled, timing));
      } catch (RuntimeException | Error e) {
        Closing.closeAllAfter(e, List.of(compiled));
        throw e;
      }
    }
    if (isShared(stage, other)) {
      Closing.closeAll(List.of(compiled));
      share(stage, other);
      return shared;
    }
    Devices.Choice choice = choose(stage);
    report(stage, graph, choice, partition(graph, choice).fallbacks());
    return compiled;
  }

  private Partitioner.Partition partition(Graph graph, Devices.Choice choice) {
    return Partitioner.partition(
        graph, choice.backend(), () -> devices.fallback().filter(f -> f != choice.backend()));
  }

  /// On which lane `stage` runs, where stages may overlap: its backend. Embedding patches is little
  /// work beside the blocks; on their backend, too, a processor does it meanwhile if the blocks
  /// leave one idle. If they do not, two threads would only take turns.
  public String lane(Stage stage) {
    Devices.Choice choice = choose(stage);
    boolean isSplit =
        stage == Stage.VISION_PATCH_EMBED
            && isShared(stage, Stage.VISION_BLOCKS)
            && choice.backend().leavesProcessorIdle();
    return isSplit ? choice.id() + ".patches" : choice.id();
  }

  /// What tells the device of `stage` from others when speed is compared.
  public String device(Stage stage) {
    Devices.Choice choice = choose(stage);
    DeviceInfo device = choice.backend().device();
    return "%s, %s, %s, %d threads"
        .formatted(choice.id(), device.name(), device.driver(), devices.threadCount(choice.id()));
  }

  /// What was measured on this machine.
  public Measurements measurements() {
    return devices.measurements();
  }

  /// Where the engine says what it does.
  public Tracer tracer() {
    return devices.tracer();
  }

  /// Whether two stages run on the same backend, so that one compiled graph serves both.
  public boolean isShared(Stage a, Stage b) {
    return choose(a).backend() == choose(b).backend();
  }

  /// Notes that `stage` shares what was compiled for `other`.
  public void share(Stage stage, Stage other) {
    Placement p = placements.get(other);
    placements.put(
        stage,
        new Placement(
            stage,
            p.backend(),
            p.device(),
            p.nodeCount(),
            p.fallbacks(),
            isMeasured(stage) ? choose(stage).reason() : p.reason()));
  }

  /// What runs where, in the order of the stages.
  public List<Placement> placements() {
    return placements.values().stream().map(this::current).toList();
  }

  private Placement current(Placement p) {
    Devices.Choice now = choose(p.stage());
    return now.id().equals(p.backend())
        ? p
        : new Placement(
            p.stage(),
            now.id(),
            now.backend().device().name(),
            p.nodeCount() + p.fallbacks().size(),
            List.of(),
            now.reason());
  }

  /// Notes a graph that will be compiled for `stage`: where it would run, and what it would take.
  ///
  /// @param bufferBytes what its user holds around it
  public void plan(Stage stage, Graph graph, int itemCountMax, long bufferBytes) {
    Devices.Choice choice = choose(stage);
    report(stage, graph, choice, partition(graph, choice).fallbacks());
    ledger.add(stage, choice.id(), choice.backend().memory(graph, itemCountMax), bufferBytes);
  }

  /// What all graphs that were noted will take, by stage.
  public List<StageMemory> memory() {
    return ledger.stages();
  }

  /// Whether the backends that attend can keep keys and values as `dtype`.
  ///
  /// @throws InvalidRequestException naming the backend that cannot
  public void requireCache(DType dtype) {
    for (Stage stage : List.of(Stage.TEXT_PREFILL, Stage.TEXT_DECODE)) {
      Devices.Choice choice = choose(stage);
      if (!choice.backend().cacheTypes().contains(dtype)) {
        throw new InvalidRequestException(
            "kvType: backend '%s', which runs %s, keeps no KV cache of %s: use f16, or another backend for both %s and %s"
                .formatted(
                    choice.id(),
                    stage.id(),
                    dtype.name().toLowerCase(Locale.ROOT),
                    Stage.TEXT_PREFILL.id(),
                    Stage.TEXT_DECODE.id()));
      }
    }
  }

  private Devices.Choice choose(Stage stage) {
    if (isMeasured(stage)) {
      return chooseMeasured(measured.get(stage));
    }
    String named = options.stages().get(stage);
    return devices.choose(named != null ? Optional.of(named) : options.backend());
  }

  /// The fallback until it is measured: what takes more memory is what is planned.
  private Devices.Choice chooseMeasured(@Nullable Measured known) {
    if (known == null) {
      Devices.Choice choice = devices.choose(Optional.of(Devices.FALLBACK));
      return new Devices.Choice(choice.id(), choice.backend(), "to be measured at first load");
    }
    Devices.Choice choice = devices.choose(Optional.of(known.backend()));
    return choice.id().equals(known.backend())
        ? new Devices.Choice(choice.id(), choice.backend(), known.reason())
        : choice;
  }

  /// A stage may have several graphs. One of a name that is known is the same graph for another
  /// shape (pictures of another size) and takes its place.
  private void report(Stage stage, Graph graph, Devices.Choice choice, List<String> fallbacks) {
    Map<String, Part> known = parts.computeIfAbsent(stage, _ -> new LinkedHashMap<>());
    var part = new Part(graph.nodes().size() - fallbacks.size(), fallbacks);
    boolean isNew = known.put(graph.name(), part) == null;
    placements.put(
        stage,
        new Placement(
            stage,
            choice.id(),
            choice.backend().device().name(),
            known.values().stream().mapToInt(Part::nodeCount).sum(),
            known.values().stream().flatMap(p -> p.fallbacks().stream()).toList(),
            choice
                .backend()
                .remark(graph)
                .map(r -> choice.reason() + "; " + r)
                .orElse(choice.reason())));
    if (isNew && !fallbacks.isEmpty()) {
      LOG.warn(
          "stage {}: {} of {} nodes run on {} instead of {}: {}",
          stage.id(),
          fallbacks.size(),
          graph.nodes().size(),
          Devices.FALLBACK,
          choice.id(),
          fallbacks.getFirst());
    }
  }
}
