// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.cluster.Cluster;
import dev.alcedo.launcher.internal.cluster.ClusterOptions;
import dev.alcedo.launcher.internal.cluster.WorkerNode;
import dev.alcedo.launcher.internal.config.ClusterArguments;
import dev.alcedo.launcher.internal.config.ClusterSettings;
import dev.alcedo.launcher.internal.config.GenerationArguments;
import dev.alcedo.launcher.internal.config.ModelArguments;
import dev.alcedo.launcher.internal.config.Settings;
import dev.alcedo.launcher.internal.config.SlotArguments;
import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Answers what a front node passes on, until it is interrupted.
@Command(
    name = "work",
    description = "Answers requests that a front node passes on (see 'serve --cluster').",
    footer = {
      "",
      "Joins the front node again when that was away. Ctrl-C ends it: running requests have ten",
      "seconds to finish.",
      "",
      "Example:",
      "  alcedo work --join 127.0.0.1:5701 --model m.gguf --mmproj v.gguf"
    })
final class WorkCommand extends EngineCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Mixin private ModelArguments model = new ModelArguments();
  @Mixin private ClusterArguments cluster = new ClusterArguments();

  @Option(
      names = "--join",
      paramLabel = "HOST:PORT",
      required = true,
      description = "The front node, as it says itself.")
  private String front = "";

  @Mixin private SlotArguments slots = new SlotArguments();

  private final Function<AlcedoOptions, Alcedo> engines;
  private final Function<ClusterOptions, Cluster> clusters;

  /// @param engines opens an engine
  /// @param clusters joins a cluster
  WorkCommand(
      CommandContext context,
      Function<AlcedoOptions, Alcedo> engines,
      Function<ClusterOptions, Cluster> clusters) {
    super(context);
    this.engines = engines;
    this.clusters = clusters;
  }

  @Override
  ExitStatus execute() {
    Settings settings =
        Settings.of(model, new GenerationArguments(), false, 0, context().environment());
    ClusterSettings place = ClusterSettings.worker(cluster, front);
    String name = slots.modelName(settings.model().file());
    int slotCount = slots.count();
    var isStopped = new AtomicBoolean();
    try (Alcedo alcedo = engines.apply(settings.engine())) {
      while (!isStopped.get()) {
        work(alcedo, settings, place, name, slotCount, isStopped);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitStatus.OK;
  }

  // Until the front node has gone.
  private void work(
      Alcedo alcedo,
      Settings settings,
      ClusterSettings place,
      String name,
      int slotCount,
      AtomicBoolean isStopped)
      throws InterruptedException {
    var closed = new CountDownLatch(1);
    var options = new ClusterOptions(place.host(), place.port(), place.front());
    try (Cluster joined = clusters.apply(options);
        var node = new WorkerNode(joined, alcedo);
        var _ =
            context()
                .interrupts()
                .during(() -> {
                  isStopped.set(true);
                  node.stop();
                  await(closed); // the process ends when this returns
                })) {
      node.work(
          name,
          slotCount,
          PATIENCE,
          client -> {
            var loaded = load(client, settings.model());
            console().say("alcedo: ready, works for %s".formatted(front));
            return loaded;
          });
    } finally {
      closed.countDown();
    }
  }

  private static void await(CountDownLatch closed) {
    try {
      boolean _ = closed.await(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
