// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.synth;

import dev.alcedo.runtime.api.internal.gguf.GgufWriter;
import dev.alcedo.runtime.api.tensor.DType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/// The data of one tensor, made in batches of pieces. Pieces of a batch are filled side by side by
/// all processors; each has its own random sequence, so what is in them does not depend on who
/// fills them.
///
/// @param dtype of the tensor
/// @param byteCount of the whole tensor
/// @param mean of the weights, for plain dtypes
/// @param deviation of the weights
/// @param seed of this tensor
/// @param onBytes told how many bytes were written, batch by batch
record RandomTensor(
    DType dtype, long byteCount, double mean, double deviation, long seed, LongConsumer onBytes)
    implements GgufWriter.Data {
  private static final int PIECE_BYTES = 1 << 18;
  private static final int PIECES_PER_BATCH = 16;

  /// What [RandomBlocks#fill] may write past the end.
  private static final int SLACK_BYTES = 8;

  @Override
  public void writeTo(GgufWriter.Pieces out) throws IOException {
    var blocks = new RandomBlocks(dtype, mean, deviation);
    int pieceBytes = PIECE_BYTES / dtype.blockBytes() * dtype.blockBytes();
    int pieceCount = (int) Math.min(PIECES_PER_BATCH, Math.ceilDiv(byteCount, pieceBytes));
    var pieces = new byte[pieceCount][pieceBytes + SLACK_BYTES];
    long batchBytes = (long) pieceBytes * pieceCount;
    for (long start = 0; start < byteCount; start += batchBytes) {
      long from = start;
      int[] sizes =
          IntStream.range(0, pieceCount)
              .map(i -> (int) Math.clamp(byteCount - from - (long) i * pieceBytes, 0L, pieceBytes))
              .toArray();
      long first = start / pieceBytes;
      IntStream.range(0, pieceCount)
          .parallel()
          .forEach(i -> blocks.fill(pieces[i], 0, sizes[i], SplitMix.of(seed, first + i)));
      for (int i = 0; i < pieceCount; i++) {
        out.put(MemorySegment.ofArray(pieces[i]).asSlice(0, sizes[i]));
      }
      onBytes.accept(Math.min(batchBytes, byteCount - start));
    }
  }
}
