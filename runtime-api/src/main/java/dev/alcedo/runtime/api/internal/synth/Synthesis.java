// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.synth;

import dev.alcedo.runtime.api.SyntheticModel;
import dev.alcedo.runtime.api.internal.gguf.GgufWriter;
import dev.alcedo.runtime.api.spi.Progress;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/// Writes synthetic models.
public final class Synthesis {
  private Synthesis() {}

  /// Writes `model` to `target`, replacing what was there only once the new file is complete.
  /// Reports progress in bytes as `write`.
  ///
  /// @throws dev.alcedo.runtime.api.InvalidRequestException if the file cannot be written there
  /// @throws dev.alcedo.runtime.api.ResourceExhaustedException if it does not fit on the disk
  public static void write(SyntheticModel model, Path target, Progress progress) {
    var file = new GgufWriter();
    var written = new AtomicLong();
    var total = new AtomicLong();
    var weights =
        new RandomWeights(
            file,
            model.seed(),
            bytes -> progress.report("write", written.addAndGet(bytes), total.get()));
    switch (model) {
      case SyntheticModel.Text text -> {
        TextFile content = TextFile.of(text);
        content.addMetadata(file);
        content.addTensors(weights);
      }
      case SyntheticModel.Mmproj mmproj -> {
        MmprojFile content = MmprojFile.of(mmproj);
        content.addMetadata(file);
        content.addTensors(weights);
      }
    }
    total.set(file.tensorBytes());
    progress.report("write", 0, total.get());
    file.write(target);
  }
}
