// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the graphs of the patch counts used last, within bounds, and closes what it drops. What
/// was used longest ago goes first, before something new is compiled, so that there is never more
/// memory in use than the bounds and one new set. Used by one thread at a time.
final class GraphCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GraphCache.class);

  /// A conversation has a few sizes of pictures; MiniCPM-V has two for each.
  static final int COUNT_MAX = 4;

  /// Beyond this, the latest only.
  static final long RESIDENT_BYTES_MAX = 256L << 20;

  private final IntFunction<GridGraphs> compiler;
  private final Map<Integer, GridGraphs> graphs = new LinkedHashMap<>(16, 0.75f, true);

  /// @param compiler compiles for a patch count
  GraphCache(IntFunction<GridGraphs> compiler) {
    this.compiler = compiler;
  }

  /// The graphs for `patchCount` patches.
  GridGraphs get(int patchCount) {
    GridGraphs known = graphs.get(patchCount);
    if (known != null) {
      return known;
    }
    makeRoom();
    long startNanos = System.nanoTime();
    GridGraphs compiled = compiler.apply(patchCount);
    LOG.debug(
        "compiled for {} patches in {} us, {} bytes beyond the weights",
        patchCount,
        (System.nanoTime() - startNanos) / 1000,
        compiled.residentBytes());
    graphs.put(patchCount, compiled);
    return compiled;
  }

  /// The patch counts that are compiled, the one used longest ago first.
  Iterable<Integer> patchCounts() {
    return graphs.keySet();
  }

  private void makeRoom() {
    long bytes = graphs.values().stream().mapToLong(GridGraphs::residentBytes).sum();
    Iterator<GridGraphs> eldest = graphs.values().iterator();
    int count = graphs.size();
    while (eldest.hasNext() && (count >= COUNT_MAX || bytes > RESIDENT_BYTES_MAX)) {
      GridGraphs dropped = eldest.next();
      bytes -= dropped.residentBytes();
      count--;
      eldest.remove();
      dropped.close();
    }
  }

  @Override
  public void close() {
    graphs.values().forEach(GridGraphs::close);
    graphs.clear();
  }
}
