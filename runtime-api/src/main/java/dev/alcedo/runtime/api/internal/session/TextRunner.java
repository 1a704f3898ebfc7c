// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.internal.family.TextModel;
import dev.alcedo.runtime.api.internal.plan.Closing;
import dev.alcedo.runtime.api.internal.plan.Placer;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.KvCache;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The compiled graphs of a decoder and their buffers: runs a batch of positions of several
/// sequences. One thread at a time; closes its graphs.
final class TextRunner implements AutoCloseable {
  /// Positions whose logits are computed together.
  private static final int LOGIT_ROWS_MAX = 16;

  /// Steps before those that are measured: the first compile and warm up.
  private static final int STEPS_SKIPPED = 5;

  private static final int STEPS_MEASURED = 9;

  private final TextModel model;
  private final int chunkLength;
  private final CompiledGraph embedding;
  private final CompiledGraph prefill;
  private final CompiledGraph decode;
  private final CompiledGraph logits;

  private final int[] ids;
  private final int[] positions;
  private final int turnCount;
  private final float[] embeddings;
  private final float[] hidden;
  private final float[] lastHidden;
  private final float[] logitRows;
  private final int[] waiting = new int[LOGIT_ROWS_MAX];
  private int waitingCount;
  private final Bindings embeddingBindings = new Bindings();
  private final Bindings blockBindings = new Bindings();
  private final Bindings logitBindings = new Bindings();
  private final List<CompiledGraph> compiled = new ArrayList<>();

  /// Positions `start..start + count - 1` of a sequence, to be computed into its KV cache: a whole
  /// bidirectional span, or none of one.
  ///
  /// @param logitCount how many of them, counted from the last, are to give logits
  record Slice(PromptSequence sequence, KvCache cache, int start, int count, int logitCount) {
    boolean wantsLogits() {
      return logitCount > 0;
    }
  }

  /// Takes the logits of a position of slice `index`: `[vocabSize]` from `offset`, valid during the
  /// call. A slice's positions come in order.
  interface LogitsConsumer {
    void accept(int index, float[] logits, int offset);
  }

  /// Notes all graphs and buffers of a runner that is to be, for the memory plan.
  static void plan(TextModel model, Placer placer, int chunkLength) {
    int cols = model.config().embeddingLength();
    long rowBytes = 4L * chunkLength * (2L * cols + 2);
    placer.plan(Stage.TEXT_PREFILL, model.embedding(), chunkLength, rowBytes);
    placer.plan(Stage.TEXT_PREFILL, model.blocks(), chunkLength, 0);
    if (placer.isMeasured(Stage.TEXT_DECODE)) {
      placer.recall(Stage.TEXT_DECODE, Stage.TEXT_PREFILL, model.blocks());
    }
    if (placer.isShared(Stage.TEXT_PREFILL, Stage.TEXT_DECODE)) {
      placer.share(Stage.TEXT_DECODE, Stage.TEXT_PREFILL);
    } else {
      placer.plan(Stage.TEXT_DECODE, model.blocks(), LOGIT_ROWS_MAX, 0);
    }
    long logitBytes = 4L * LOGIT_ROWS_MAX * (cols + (long) model.vocabSize());
    placer.plan(Stage.TEXT_LOGITS, model.logits(), LOGIT_ROWS_MAX, logitBytes);
  }

  TextRunner(TextModel model, Placer placer, int chunkLength) {
    this.model = model;
    this.chunkLength = chunkLength;
    int cols = model.config().embeddingLength();
    ids = new int[chunkLength];
    turnCount = model.blocks().port(TextModel.POSITIONS).shape().cols();
    positions = new int[Math.multiplyExact(chunkLength, turnCount)];
    embeddings = new float[Math.multiplyExact(chunkLength, cols)];
    hidden = new float[embeddings.length];
    lastHidden = new float[LOGIT_ROWS_MAX * cols];
    logitRows = new float[Math.multiplyExact(LOGIT_ROWS_MAX, model.vocabSize())];
    try {
      embedding = compile(placer, Stage.TEXT_PREFILL, model.embedding(), chunkLength);
      prefill = compile(placer, Stage.TEXT_PREFILL, model.blocks(), chunkLength);
      bind(cols);
      decode = decode(placer);
      logits = compile(placer, Stage.TEXT_LOGITS, model.logits(), LOGIT_ROWS_MAX);
    } catch (RuntimeException | Error e) {
      Closing.closeAllAfter(e, compiled);
      throw e;
    }
  }

  private CompiledGraph decode(Placer placer) {
    if (placer.isMeasured(Stage.TEXT_DECODE)) {
      CompiledGraph faster =
          placer.compileFaster(
              Stage.TEXT_DECODE,
              Stage.TEXT_PREFILL,
              prefill,
              model.blocks(),
              LOGIT_ROWS_MAX,
              this::stepNanos);
      if (faster != prefill) {
        compiled.add(faster);
      }
      return faster;
    }
    return placer.isShared(Stage.TEXT_PREFILL, Stage.TEXT_DECODE)
        ? prefill
        : compile(placer, Stage.TEXT_DECODE, model.blocks(), LOGIT_ROWS_MAX);
  }

  /// The median time of decoding one position, over a KV cache of its own.
  private long stepNanos(CompiledGraph graph) {
    var nanos = new long[STEPS_MEASURED];
    // Every backend has caches of F16.
    var layout = model.config().kvLayout(DType.F16);
    try (var cache = new KvCache(layout, STEPS_SKIPPED + STEPS_MEASURED)) {
      embedding.execute(embeddingBindings.itemCount(1));
      for (int i = 0; i < STEPS_SKIPPED + STEPS_MEASURED; i++) {
        Arrays.fill(positions, 0, turnCount, i);
        blockBindings.clearSpans().addSpan(new Bindings.Span(0, 1, cache, i));
        long start = System.nanoTime();
        graph.execute(blockBindings.itemCount(1));
        nanos[Math.max(0, i - STEPS_SKIPPED)] = System.nanoTime() - start;
      }
    }
    Arrays.sort(nanos);
    return nanos[STEPS_MEASURED / 2];
  }

  private CompiledGraph compile(Placer placer, Stage stage, Graph graph, int itemCountMax) {
    CompiledGraph result = placer.compile(stage, graph, itemCountMax);
    compiled.add(result);
    return result;
  }

  private void bind(int cols) {
    TensorView rows = TensorView.ofFloats(embeddings, chunkLength, cols);
    embeddingBindings
        .bind(model.embedding().port(TextModel.IDS), TensorView.ofInts(ids, chunkLength))
        .bind(model.embedding().outputs().getFirst(), rows);
    blockBindings
        .bind(model.blocks().port(TextModel.EMBEDDINGS), rows)
        .bind(
            model.blocks().port(TextModel.POSITIONS),
            TensorView.ofInts(positions, chunkLength, turnCount))
        .bind(model.blocks().outputs().getFirst(), TensorView.ofFloats(hidden, chunkLength, cols));
    logitBindings
        .bind(
            model.logits().port(TextModel.HIDDEN),
            TensorView.ofFloats(lastHidden, LOGIT_ROWS_MAX, cols))
        .bind(
            model.logits().outputs().getFirst(),
            TensorView.ofFloats(logitRows, LOGIT_ROWS_MAX, model.vocabSize()));
  }

  /// Positions that one run can take.
  int chunkLength() {
    return chunkLength;
  }

  /// Runs all slices as one batch and hands out the logits that are wanted.
  ///
  /// @param slices at most [#chunkLength()] positions in all, each sequence once
  void run(List<Slice> slices, LogitsConsumer consumer) {
    int rows = gather(slices);
    boolean isDecode =
        rows <= decode.itemCountMax() && slices.stream().allMatch(s -> s.count() == 1);
    (isDecode ? decode : prefill).execute(blockBindings.itemCount(rows));
    int row = 0;
    waitingCount = 0;
    for (int i = 0; i < slices.size(); i++) {
      row += slices.get(i).count();
      for (int r = row - slices.get(i).logitCount(); r < row; r++) {
        if (waitingCount == LOGIT_ROWS_MAX) {
          computeLogits(consumer);
        }
        int cols = model.config().embeddingLength();
        System.arraycopy(hidden, r * cols, lastHidden, waitingCount * cols, cols);
        waiting[waitingCount++] = i;
      }
    }
    computeLogits(consumer);
  }

  /// Of the rows that wait for it, the slices of which are in `waiting`.
  private void computeLogits(LogitsConsumer consumer) {
    if (waitingCount == 0) {
      return;
    }
    logits.execute(logitBindings.itemCount(waitingCount));
    for (int k = 0; k < waitingCount; k++) {
      consumer.accept(waiting[k], logitRows, k * model.vocabSize());
    }
    waitingCount = 0;
  }

  /// Fills embeddings, positions and spans; returns the number of rows.
  private int gather(List<Slice> slices) {
    int row = 0;
    blockBindings.clearSpans();
    for (Slice slice : slices) {
      boolean isBidirectional = slice.sequence().isBidirectional(slice.start());
      blockBindings.addSpan(
          new Bindings.Span(row, slice.count(), slice.cache(), slice.start(), isBidirectional));
      for (int p = slice.start(); p < slice.start() + slice.count(); p++, row++) {
        ids[row] = Math.max(0, slice.sequence().id(p));
        if (turnCount == 1) {
          positions[row] = p;
        } else {
          slice.sequence().copyTurns(p, positions, row * turnCount);
        }
      }
    }
    embedding.execute(embeddingBindings.itemCount(row));
    overwriteImageRows(slices);
    return row;
  }

  private void overwriteImageRows(List<Slice> slices) {
    int cols = model.config().embeddingLength();
    int row = 0;
    for (Slice slice : slices) {
      for (int p = slice.start(); p < slice.start() + slice.count(); p++, row++) {
        if (slice.sequence().id(p) == PromptSequence.IMAGE) {
          slice.sequence().copyEmbedding(p, embeddings, row * cols);
        }
      }
    }
  }

  @Override
  public void close() {
    Closing.closeAll(compiled);
  }
}
