// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.EncoderContext;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.vision.pipeline.internal.tower.TowerConfig;
import dev.alcedo.vision.pipeline.internal.tower.VisionTower;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How many tiles at once are quickest on a device (BlueLM-V-3B, figure 7). Measured on the first
/// blocks of a tower, since all have one shape.
final class TileBatchSearch {
  private static final Logger LOG = LoggerFactory.getLogger(TileBatchSearch.class);

  /// The paper's.
  private static final int[] BATCHES = {1, 2, 4, 6};

  private static final int BLOCK_COUNT_MAX = 2;

  /// Runs of a batch go on for so long, and are two at least: Java compiles during the first.
  private static final long MEASURED_NANOS = 50_000_000;

  /// A larger batch takes more memory and must be quicker by this share.
  private static final double GAIN_MIN = 0.03;

  private TileBatchSearch() {}

  /// Tiles of a batch at most, as the user said or as was measured.
  static int batchMax(EncoderContext context, VisionTower tower) {
    int asked = context.imageOptions().tileBatchMax();
    if (asked != ImageOptions.TILE_BATCH_MEASURED) {
      return asked;
    }
    int found =
        context
            .measuredOnce(Stage.VISION_BLOCKS, name(tower), () -> best(measure(context, tower)))
            .orElse(ImageOptions.DEFAULTS.tileBatchMax());
    return Math.min(found, BATCHES[BATCHES.length - 1]);
  }

  private static String name(VisionTower tower) {
    TowerConfig config = tower.config();
    return "tile batch of %d patches, width %d, ffn %d, %d heads, %s"
        .formatted(
            config.patchCount(),
            config.embeddingLength(),
            config.feedForwardLength(),
            config.headCount(),
            tower.weightType());
  }

  /// Seconds for a tile by batch.
  private static Map<Integer, Double> measure(EncoderContext context, VisionTower tower) {
    Graph graph = tower.firstBlocks(Math.min(BLOCK_COUNT_MAX, tower.config().blockCount()));
    Map<Integer, Double> seconds = new TreeMap<>();
    for (int batch : BATCHES) {
      try (CompiledGraph compiled = context.compile(Stage.VISION_BLOCKS, graph, batch)) {
        seconds.put(batch, seconds(compiled, bindings(graph, batch)) / batch);
      }
    }
    LOG.info(
        "seconds for a tile in {} blocks by batch, measured once: {}", BLOCK_COUNT_MAX, seconds);
    return seconds;
  }

  private static Bindings bindings(Graph graph, int batch) {
    int rows = graph.inputs().getFirst().shape().dim(0);
    int cols = graph.inputs().getFirst().shape().cols();
    var bindings = new Bindings();
    bindings.bind(graph.inputs().getFirst(), floats(rows * batch, cols));
    bindings.bind(graph.outputs().getFirst(), floats(rows * batch, cols));
    return bindings.itemCount(batch);
  }

  private static TensorView floats(int rows, int cols) {
    var values = new float[Math.multiplyExact(rows, cols)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % 7 - 3) / 3f; // nothing that a kernel could skip
    }
    return TensorView.ofFloats(values, rows, cols);
  }

  private static double seconds(CompiledGraph compiled, Bindings bindings) {
    compiled.execute(bindings);
    long best = Long.MAX_VALUE;
    long end = System.nanoTime() + MEASURED_NANOS;
    do {
      long start = System.nanoTime();
      compiled.execute(bindings);
      best = Math.min(best, System.nanoTime() - start);
    } while (System.nanoTime() < end);
    return best / 1e9;
  }

  /// The quickest; of those that hardly differ, the smallest.
  static int best(Map<Integer, Double> seconds) {
    int best = 0;
    for (var entry : new TreeMap<>(seconds).entrySet()) {
      if (best == 0 || entry.getValue() < seconds.get(best) * (1 - GAIN_MIN)) {
        best = entry.getKey();
      }
    }
    return best;
  }
}
