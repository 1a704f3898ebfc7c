// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bench;

import dev.alcedo.launcher.internal.bus.ResidentMemory;
import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.ModelInfo;
import dev.alcedo.runtime.api.spi.Progress;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// Measures a plan: an engine of its own for each number of threads, one test after the other.
public final class Bench {
  private final BenchPlan plan;
  private final IntFunction<Alcedo> engines;
  private final Progress progress;

  /// @param engines opens an engine with so many CPU threads, which is closed here
  /// @param progress hears of loading and of every run
  public Bench(BenchPlan plan, IntFunction<Alcedo> engines, Progress progress) {
    this.plan = plan;
    this.engines = engines;
    this.progress = progress;
  }

  /// Runs everything.
  ///
  /// @param onModel told what was loaded, before its first result
  /// @param onResult told each result as soon as it is there
  /// @throws dev.alcedo.runtime.api.VlmException if the model cannot be loaded or run
  public void run(Consumer<ModelInfo> onModel, Consumer<BenchResult> onResult) {
    for (int threads : plan.threads()) {
      try (Alcedo alcedo = engines.apply(threads)) {
        run(alcedo, onModel, onResult);
      }
    }
  }

  private void run(Alcedo alcedo, Consumer<ModelInfo> onModel, Consumer<BenchResult> onResult) {
    long start = System.nanoTime();
    try (Model model = alcedo.load(plan.model(), progress)) {
      Duration load = Duration.ofNanos(System.nanoTime() - start);
      onModel.accept(model.info());
      int threads = EngineThreads.count();
      var runs = new Runs(progress);
      try (var text = new TextBench(model)) {
        text.firstToken();
        Duration firstToken = Duration.ofNanos(System.nanoTime() - start);
        onResult.accept(
            new BenchResult.Load(threads, load, firstToken, ResidentMemory.peakBytes()));
        plan.cases().forEach(test -> onResult.accept(text.measure(test, plan, threads, runs)));
      }
      plan.picture()
          .ifPresent(
              size -> onResult.accept(new EncodeBench(model).measure(size, plan, threads, runs)));
    }
  }
}
