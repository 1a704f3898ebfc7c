// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.quantise;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.GraphBuilder;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.internal.gguf.GgufWriter;
import dev.alcedo.runtime.api.internal.plan.Waiting;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.Shape;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/// Encodes tensors, a chunk of rows at a time: the backend reads the chunk as floats, threads
/// encode a share of its rows each. Used by one thread; closing ends the others.
final class TensorEncoder implements AutoCloseable {
  /// Floats of a chunk: 4 MB.
  private static final int CHUNK_LENGTH = 1 << 20;

  /// Longer rows are no model's.
  private static final int COLS_MAX = 1 << 24;

  private static final float F16_MAX = 65504;

  private final Backend reader;
  private final Cancellation cancellation;
  private final int threadCount;
  private final ExecutorService threads;

  /// @param threadCount 0 for all processors
  TensorEncoder(Backend reader, int threadCount, Cancellation cancellation) {
    this.reader = reader;
    this.cancellation = cancellation;
    this.threadCount = threadCount == 0 ? Runtime.getRuntime().availableProcessors() : threadCount;
    this.threads =
        Executors.newFixedThreadPool(
            this.threadCount, Thread.ofPlatform().daemon().name("alcedo-quantise-", 0).factory());
  }

  /// Writes `view` as `dtype` to `out`.
  ///
  /// @param place file and tensor, for messages
  /// @param onRead told how many bytes of `view` are done, after each chunk
  void encode(
      String place, TensorView view, DType dtype, GgufWriter.Pieces out, LongConsumer onRead)
      throws IOException {
    int cols = view.shape().cols();
    int rows = view.shape().rows();
    if (cols > COLS_MAX) {
      throw new UnsupportedModelException(
          "%s: expected rows of at most %d elements, got %d".formatted(place, COLS_MAX, cols));
    }
    int chunkRows = Math.min(rows, Math.max(1, CHUNK_LENGTH / cols));
    var ids = new int[chunkRows];
    var floats = new float[chunkRows * cols];
    var bytes = new byte[Math.toIntExact(dtype.bytes((long) chunkRows * cols))];
    Graph graph = graph(place, new TensorView(view.dtype(), Shape.of(rows, cols), view.data()));
    var bindings =
        new Bindings()
            .bind(graph.inputs().getFirst(), TensorView.ofInts(ids, chunkRows))
            .bind(graph.outputs().getFirst(), TensorView.ofFloats(floats, chunkRows, cols));
    try (CompiledGraph compiled = reader.compile(graph, chunkRows)) {
      for (int row = 0; row < rows; row += chunkRows) {
        cancellation.check();
        int count = Math.min(chunkRows, rows - row);
        for (int i = 0; i < count; i++) {
          ids[i] = row + i;
        }
        compiled.execute(bindings.itemCount(count));
        encode(place, floats, row, count, cols, dtype, bytes);
        out.put(MemorySegment.ofArray(bytes).asSlice(0, dtype.bytes((long) count * cols)));
        onRead.accept(view.dtype().bytes((long) count * cols));
      }
    }
  }

  private Graph graph(String place, TensorView table) {
    var g = new GraphBuilder("rows");
    Value ids = g.input("ids", DType.I32, 1);
    Graph graph = g.output(g.embedding(ids, g.constant("table", table))).build();
    if (reader.supports(graph.nodes().getFirst()) instanceof Support.Unsupported(String why)) {
      throw new UnsupportedModelException("%s: cannot be read: no %s".formatted(place, why));
    }
    return graph;
  }

  private void encode(
      String place, float[] x, int firstRow, int rows, int cols, DType dtype, byte[] bytes) {
    List<Future<?>> shares = new ArrayList<>();
    int share = Math.ceilDiv(rows, threadCount);
    for (int from = 0; from < rows; from += share) {
      int start = from;
      int end = Math.min(rows, from + share);
      shares.add(
          threads.submit(() -> encodeRows(place, x, firstRow, start, end, cols, dtype, bytes)));
    }
    shares.forEach(Waiting::forResult);
  }

  private static void encodeRows(
      String place,
      float[] x,
      int firstRow,
      int from,
      int to,
      int cols,
      DType dtype,
      byte[] bytes) {
    BlockEncoder encoder = BlockEncoders.open(dtype);
    int rowBytes = Math.toIntExact(dtype.bytes(cols));
    var out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(from * rowBytes);
    float max = dtype == DType.F32 || dtype == DType.BF16 ? Float.MAX_VALUE : F16_MAX;
    for (int row = from; row < to; row++) {
      for (int i = row * cols; i < (row + 1) * cols; i++) {
        if (!(Math.abs(x[i]) <= max)) {
          throw new ModelFormatException(
              "%s, row %d, element %d: expected a number of at most %s to write as %s, got %s"
                  .formatted(place, firstRow + row, i - row * cols, max, dtype, x[i]));
        }
      }
      for (int i = row * cols; i < (row + 1) * cols; i += dtype.blockLength()) {
        encoder.encode(x, i, out);
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
