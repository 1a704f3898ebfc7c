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
///
/// Rotary positions differ from these positions under M-RoPE only: a grid of image tokens takes as
/// many as its longer side has tokens, and what follows goes on from there.
final class PromptSequence {
  /// Stands for an image token where an id is asked for.
  static final int IMAGE = -1;

  private int[] ids = new int[64];
  private int length;
  private final List<Run> runs = new ArrayList<>();

  /// One span of a picture's image tokens from position `start` on, whose first rotary position is
  /// `turn`.
  private record Run(
      int start, int turn, String contentHash, ArrivingTokens tokens, ImageTokens.Part.Span span) {
    boolean isSame(Run other) {
      return start == other.start
          && contentHash.equals(other.contentHash)
          && span.equals(other.span);
    }

    int end() {
      return start + span.tokenCount();
    }

    /// The rotary position of what follows.
    int turnEnd() {
      int cols = span.gridCols();
      int count = span.tokenCount();
      return turn + (cols == 0 ? count : Math.max(cols, count / cols));
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

  /// Appends a span of a picture whose image tokens may still be on their way.
  void addImage(String contentHash, ArrivingTokens tokens, ImageTokens.Part.Span span) {
    reserve(span.tokenCount());
    Arrays.fill(ids, length, length + span.tokenCount(), IMAGE);
    runs.add(new Run(length, turn(length), contentHash, tokens, span));
    length += span.tokenCount();
  }

  /// The rotary position of the text at `position`.
  private int turn(int position) {
    for (int i = runs.size() - 1; i >= 0; i--) {
      if (runs.get(i).end() <= position) {
        return runs.get(i).turnEnd() + position - runs.get(i).end();
      }
    }
    return position;
  }

  /// The rotary positions of what stands at `position` as M-RoPE has them, to `out[offset..offset +
  /// 3]`: time, row, column, and a fourth that is always 0. Those of text are equal; the tokens of
  /// a grid have the time of its first.
  void copyTurns(int position, int[] out, int offset) {
    int time = ids[position] == IMAGE ? run(position).turn() : turn(position);
    int row = 0;
    int col = 0;
    if (ids[position] == IMAGE) {
      int index = position - run(position).start();
      int cols = run(position).span().gridCols();
      time += cols == 0 ? index : 0;
      row = cols == 0 ? 0 : index / cols;
      col = cols == 0 ? 0 : index % cols;
    }
    out[offset] = time;
    out[offset + 1] = time + row;
    out[offset + 2] = time + col;
    out[offset + 3] = 0;
  }

  /// Whether a bidirectional span begins at `position`.
  boolean isBidirectional(int position) {
    return ids[position] == IMAGE && run(position).span().isBidirectional();
  }

  /// How many positions from `start` on can run next: a bidirectional span that begins there, or
  /// what comes before the next.
  int runLength(int start) {
    if (isBidirectional(start)) {
      return run(start).end() - start;
    }
    for (Run run : runs) {
      if (run.span().isBidirectional() && run.start() > start) {
        return run.start() - start;
      }
    }
    return length - start;
  }

  /// How many of the `count` positions from `start` on can be computed now: those before the first
  /// image token that has not arrived.
  ///
  /// @throws dev.alcedo.runtime.api.VlmException if an image token of the sequence will never come
  int arrivedLength(int start, int count) {
    for (Run run : runs) {
      if (run.end() <= start || run.start() >= start + count) {
        continue;
      }
      int arrived = run.tokens().arrivedCount() - run.span().tokenStart();
      if (arrived < run.span().tokenCount()) {
        return Math.clamp(run.start() + Math.max(0, arrived) - start, 0, count);
      }
    }
    return count;
  }

  /// Where to go on if the first `count` positions are known: there, or at the beginning of the
  /// bidirectional span that it is in.
  int resumable(int count) {
    boolean isWithin = count < length && isBidirectional(count);
    return isWithin ? run(count).start() : count;
  }

  /// Copies the image token at `position` to `out[offset..]`.
  void copyEmbedding(int position, float[] out, int offset) {
    Run run = run(position);
    TensorView embeddings = run.tokens().embeddings();
    int cols = embeddings.shape().cols();
    long row = (long) position - run.start() + run.span().tokenStart();
    MemorySegment.copy(
        embeddings.data(), TensorView.F32_LE, row * cols * Float.BYTES, out, offset, cols);
  }

  /// How many leading positions are the same in both.
  int commonPrefix(PromptSequence other) {
    int max = Math.min(length, other.length);
    for (int i = 0; i < max; i++) {
      if (ids[i] != other.ids[i] || (ids[i] == IMAGE && !run(i).isSame(other.run(i)))) {
        return i;
      }
    }
    return max;
  }

  /// Image tokens in all.
  int imageTokenCount() {
    return runs.stream().mapToInt(r -> r.span().tokenCount()).sum();
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
