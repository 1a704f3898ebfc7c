// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bench;

import dev.alcedo.runtime.api.spi.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Repeats a test: unmeasured until the compiler has had its time (not at all if it is to have
/// none), then measured.
///
/// @param progress hears of every run
record Runs(Progress progress) {
  <T> List<T> of(String test, int threads, BenchPlan plan, Supplier<T> run) {
    String step = "%s, %d threads".formatted(test, threads);
    long end = System.nanoTime() + plan.warmUp().toNanos();
    while (System.nanoTime() < end) {
      progress.report(step + ", warming up", 0, plan.repetitions());
      run.get();
    }
    var samples = new ArrayList<T>();
    for (int i = 0; i < plan.repetitions(); i++) {
      progress.report(step, i, plan.repetitions());
      samples.add(run.get());
    }
    return samples;
  }
}
