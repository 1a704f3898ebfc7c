// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bench;

import dev.alcedo.launcher.internal.bus.ResidentMemory;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.spi.ImageReport;
import java.util.List;

/// The encode test of a loaded model: a new picture each time, because known ones are not encoded
/// again.
final class EncodeBench {
  private final Model model;
  private int pictureCount;

  EncodeBench(Model model) {
    this.model = model;
  }

  BenchResult.Encode measure(BenchPlan.PictureSize size, BenchPlan plan, int threads, Runs runs) {
    List<ImageReport> reports =
        runs.of(
            "encode",
            threads,
            plan,
            () -> model.prepare(TestPicture.of(size, pictureCount++)).await());
    ImageReport first = reports.getFirst();
    return new BenchResult.Encode(
        size,
        threads,
        first.tileCount(),
        first.tokenCount(),
        Spread.of(
            reports.stream()
                .mapToDouble(r -> r.encodeTime().toNanos() / 1e9 / r.tileCount())
                .toArray()),
        Spread.of(reports.stream().mapToDouble(r -> r.prepareTime().toNanos() / 1e9).toArray())
            .median(),
        ResidentMemory.peakBytes());
  }
}
