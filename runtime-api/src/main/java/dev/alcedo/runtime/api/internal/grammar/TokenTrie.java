// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.grammar;

import dev.alcedo.runtime.api.spi.Tokenizer;
import java.util.Arrays;
import java.util.stream.IntStream;

/// A vocabulary's tokens by their bytes, as a tree in the order in which it is walked: a node, then
/// what is below it. Control tokens are not in it. Immutable; any thread.
final class TokenTrie {
  private final byte[] labels;
  private final int[] depths;
  private final int[] ends;
  private final int[] tokenStarts;
  private final int[] ids;
  private final byte[][] bytes;
  private final int[] endIds;
  private final int depthMax;

  TokenTrie(Tokenizer tokenizer) {
    int vocabSize = tokenizer.vocabSize();
    bytes = new byte[vocabSize][];
    for (int id = 0; id < vocabSize; id++) {
      bytes[id] = tokenizer.isControl(id) ? new byte[0] : tokenizer.bytes(id, false);
    }
    endIds = IntStream.range(0, vocabSize).filter(tokenizer::isEnd).toArray();
    ids =
        IntStream.range(0, vocabSize)
            .filter(id -> bytes[id].length > 0 && !tokenizer.isEnd(id))
            .boxed()
            .sorted((a, b) -> Arrays.compareUnsigned(bytes[a], bytes[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    depthMax = Arrays.stream(ids).map(id -> bytes[id].length).max().orElse(0);
    int nodeCount = 0;
    byte[] before = {};
    for (int id : ids) {
      nodeCount += bytes[id].length - common(before, bytes[id]);
      before = bytes[id];
    }
    labels = new byte[nodeCount];
    depths = new int[nodeCount];
    ends = new int[nodeCount];
    tokenStarts = new int[nodeCount + 1];
    fill();
  }

  private void fill() {
    int[] path = new int[depthMax];
    int depth = 0;
    int node = 0;
    byte[] before = {};
    for (int i = 0; i < ids.length; i++) {
      byte[] token = bytes[ids[i]];
      int common = common(before, token);
      while (depth > common) {
        ends[path[--depth]] = node;
      }
      while (depth < token.length) {
        labels[node] = token[depth];
        depths[node] = depth;
        tokenStarts[node] = i;
        path[depth++] = node++;
      }
      before = token;
    }
    while (depth > 0) {
      ends[path[--depth]] = node;
    }
    tokenStarts[node] = ids.length;
  }

  private static int common(byte[] a, byte[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }

  int nodeCount() {
    return labels.length;
  }

  /// The byte that leads to a node.
  byte label(int node) {
    return labels[node];
  }

  /// Bytes before [#label]'s.
  int depth(int node) {
    return depths[node];
  }

  /// The node behind all that is below this one.
  int end(int node) {
    return ends[node];
  }

  /// Marks the tokens that end at a node: those that begin at it and are no longer.
  void mark(int node, long[] mask) {
    int length = depths[node] + 1;
    for (int i = tokenStarts[node]; i < ids.length && bytes[ids[i]].length == length; i++) {
      if (i > tokenStarts[node] && !Arrays.equals(bytes[ids[i]], bytes[ids[i - 1]])) {
        break;
      }
      mask[ids[i] >> 6] |= 1L << ids[i];
    }
  }

  /// A token's bytes; none for control tokens.
  byte[] bytes(int id) {
    return id < bytes.length ? bytes[id] : new byte[0];
  }

  /// Tokens that end an answer.
  int[] endIds() {
    return endIds;
  }

  int vocabSize() {
    return bytes.length;
  }

  /// Bytes of the longest token.
  int depthMax() {
    return depthMax;
  }
}
