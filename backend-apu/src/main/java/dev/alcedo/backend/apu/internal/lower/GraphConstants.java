// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

import dev.alcedo.backend.apu.internal.weights.WeightRows;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The constants of a graph, widened into native memory.
public final class GraphConstants implements ConstantSource {
  private static final long ALIGNMENT = 64;

  private final Graph graph;
  private final Precision precision;
  private final Arena arena;

  /// @param arena owns the memory handed out
  public GraphConstants(Graph graph, Precision precision, Arena arena) {
    this.graph = graph;
    this.precision = precision;
    this.arena = arena;
  }

  @Override
  public MemorySegment elements(Value value) {
    int cols = value.shape().cols();
    var rows = new WeightRows(graph.constant(value));
    MemorySegment memory = scratch(value.shape().elementCount());
    var row = new float[cols];
    for (int r = 0; r < value.shape().rows(); r++) {
      rows.read(r, row);
      precision.write(row, cols, memory, (long) r * cols);
    }
    return memory;
  }

  @Override
  public MemorySegment permuted(Value value, int[] order) {
    int cols = value.shape().cols();
    var rows = new WeightRows(graph.constant(value));
    MemorySegment memory = scratch(value.shape().elementCount());
    var row = new float[cols];
    var permuted = new float[cols];
    for (int r = 0; r < value.shape().rows(); r++) {
      rows.read(r, row);
      for (int i = 0; i < cols; i++) {
        permuted[i] = row[order[i]];
      }
      precision.write(permuted, cols, memory, (long) r * cols);
    }
    return memory;
  }

  @Override
  public Quantised quantised(Value value) {
    int cols = value.shape().cols();
    int rowCount = value.shape().rows();
    var rows = new WeightRows(graph.constant(value));
    MemorySegment quants = arena.allocate((long) rowCount * cols, ALIGNMENT);
    var largest = new float[rowCount];
    var row = new float[cols];
    for (int r = 0; r < rowCount; r++) {
      rows.read(r, row);
      for (float weight : row) {
        largest[r] = Math.max(largest[r], Math.abs(weight));
      }
      float factor = largest[r] == 0 ? 0 : 127 / largest[r];
      for (int i = 0; i < cols; i++) {
        byte quant = (byte) Math.round(row[i] * factor);
        quants.set(ValueLayout.JAVA_BYTE, (long) r * cols + i, quant);
      }
    }
    return new Quantised(quants, largest);
  }

  @Override
  public MemorySegment floats(Value value) {
    return arena.allocateFrom(ValueLayout.JAVA_FLOAT, graph.constant(value).toFloats());
  }

  @Override
  public Arena arena() {
    return arena;
  }

  @Override
  public MemorySegment scratch(long count) {
    return arena.allocate(count * precision.bytes(), ALIGNMENT);
  }
}
