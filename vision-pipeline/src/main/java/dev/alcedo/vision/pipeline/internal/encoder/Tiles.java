// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.EncodeListener;
import dev.alcedo.runtime.api.tensor.TensorView;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The tiles of one picture, and its image tokens as they come. Used by one thread at a time; tiles
/// are done in order.
final class Tiles {
  private final List<Bitmap> bitmaps;
  private final int tokenCount;
  private final EncodeListener listener;
  private final Cancellation cancellation;
  private final long startNanos;
  private final long cutNanos = System.nanoTime();
  private long endNanos = cutNanos;
  private @Nullable TensorView embeddings;
  private int doneCount;

  /// @param tokenCount image tokens of all tiles
  /// @param startNanos when decoding began
  Tiles(
      List<Bitmap> bitmaps,
      int tokenCount,
      EncodeListener listener,
      Cancellation cancellation,
      long startNanos) {
    this.bitmaps = List.copyOf(bitmaps);
    this.tokenCount = tokenCount;
    this.listener = listener;
    this.cancellation = cancellation;
    this.startNanos = startNanos;
  }

  List<Bitmap> bitmaps() {
    return bitmaps;
  }

  Cancellation cancellation() {
    return cancellation;
  }

  /// Makes room for all image tokens and tells the listener that nothing is done.
  ///
  /// @throws ResourceExhaustedException if there is no memory
  void begin(int cols) {
    try {
      embeddings =
          TensorView.ofFloats(new float[Math.multiplyExact(tokenCount, cols)], tokenCount, cols);
    } catch (OutOfMemoryError | ArithmeticException e) {
      throw ResourceExhaustedException.ofMemory(
          "image: the embeddings of %d tiles need %d bytes of heap"
              .formatted(bitmaps.size(), 4L * tokenCount * cols),
          e);
    }
    listener.report("image", 0, bitmaps.size());
  }

  /// `[tokens, columns]`, filled as far as tiles are done.
  TensorView embeddings() {
    return Objects.requireNonNull(embeddings);
  }

  /// Notes that the next `tileCount` tiles are done and the first `tokenCount` tokens there.
  void done(int tileCount, int tokenCount) {
    doneCount += tileCount;
    endNanos = System.nanoTime();
    listener.arrived(embeddings(), tokenCount);
    listener.report("image", doneCount, bitmaps.size());
  }

  boolean isComplete() {
    return embeddings != null && doneCount == bitmaps.size();
  }

  /// From the beginning of decoding to the last cut.
  long prepareNanos() {
    return cutNanos - startNanos;
  }

  /// From then to the last image token, waits for other pictures included.
  long encodeNanos() {
    return endNanos - cutNanos;
  }

  /// Whether nobody wants any of these pictures.
  ///
  /// @throws dev.alcedo.runtime.api.CancelledException if so
  static void checkAny(List<Tiles> pictures) {
    if (pictures.stream().allMatch(p -> p.cancellation.isCancelled())) {
      pictures.getFirst().cancellation.check();
    }
  }
}
