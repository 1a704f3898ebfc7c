// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What stands at each position of a sequence: a token id or a row of image tokens. Grows at the
/// end. One thread at a time.
final class PromptSequence {
  /// Stands for an image token where an id is asked for.
  static final int IMAGE = -1;

  private int[] ids = new int[64];
  private int length;
  private final List<Run> runs = new ArrayList<>();

  /// Image tokens `rowStart..` of one picture at positions `start..start + count - 1`.
  private record Run(int start, int count, String contentHash, ImageTokens tokens, int rowStart) {
    boolean isSameAt(int position, Run other) {
      return contentHash.equals(other.contentHash)
          && position - start + rowStart == position - other.start + other.rowStart;
    }
  }

  /// Positions in all.
  int length() {
    return length;
  }

  /// The token id at `position`, or [#IMAGE].
  int id(int position) {
    return ids[position];
  }

  void addId(int id) {
    reserve(1);
    ids[length++] = id;
  }

  void addIds(int[] more) {
    reserve(more.length);
    System.arraycopy(more, 0, ids, length, more.length);
    length += more.length;
  }

  void addImage(String contentHash, ImageTokens tokens, int rowStart, int count) {
    reserve(count);
    Arrays.fill(ids, length, length + count, IMAGE);
    runs.add(new Run(length, count, contentHash, tokens, rowStart));
    length += count;
  }

  /// Copies the image token at `position` to `out[offset..]`.
  void copyEmbedding(int position, float[] out, int offset) {
    Run run = run(position);
    TensorView embeddings = run.tokens().embeddings();
    int cols = embeddings.shape().cols();
    long row = (long) position - run.start() + run.rowStart();
    MemorySegment.copy(
        embeddings.data(), TensorView.F32_LE, row * cols * Float.BYTES, out, offset, cols);
  }

  /// How many leading positions are the same in both.
  int commonPrefix(PromptSequence other) {
    int max = Math.min(length, other.length);
    for (int i = 0; i < max; i++) {
      if (ids[i] != other.ids[i] || (ids[i] == IMAGE && !run(i).isSameAt(i, other.run(i)))) {
        return i;
      }
    }
    return max;
  }

  /// Image tokens in all.
  int imageTokenCount() {
    return runs.stream().mapToInt(Run::count).sum();
  }

  private Run run(int position) {
    // Sequences hold few pictures, and positions are asked for in order: a search from the end is
    // short.
    for (int i = runs.size() - 1; i >= 0; i--) {
      if (runs.get(i).start() <= position) {
        return runs.get(i);
      }
    }
    throw new IllegalStateException("no image token at position " + position);
  }

  private void reserve(int count) {
    if (length + count > ids.length) {
      ids = Arrays.copyOf(ids, Math.max(ids.length * 2, Math.addExact(length, count)));
    }
  }
}
