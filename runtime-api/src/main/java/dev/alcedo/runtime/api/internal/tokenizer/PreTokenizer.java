// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import java.util.List;

/// How a byte-pair encoding cuts text into words before it merges, as `tokenizer.ggml.pre` names
/// it. Each step cuts every part that the one before it left. All that are known: [PreTokenizers].
///
/// @param name as in `tokenizer.ggml.pre`
/// @param steps applied in this order
/// @param alphabet what the vocabulary writes words in
/// @param ignoresMerges whether a word that is a token is not put together from its parts
/// @param addsBos whether encoding begins with the begin token where the file does not say
record PreTokenizer(
    String name, List<Splitter> steps, Alphabet alphabet, boolean ignoresMerges, boolean addsBos) {

  /// What the pieces of a vocabulary are written in.
  enum Alphabet {
    /// Bytes as visible characters, see [BytePieces].
    BYTES,
    /// The characters themselves, spaces as `▁`; what has no piece becomes byte tokens `<0xNN>`.
    CHARACTERS,
    /// As [#CHARACTERS]; line ends that are a token together are never put together from parts.
    CHARACTERS_AND_LINE_ENDS
  }

  /// Gives the words of `text` to `words`, in order and without gaps.
  void split(String text, Splitter.Spans words) {
    split(text, 0, text.length(), 0, words);
  }

  private void split(String text, int start, int end, int step, Splitter.Spans words) {
    if (start == end) {
      return;
    }
    if (step == steps.size() - 1) {
      steps.get(step).split(text, start, end, words);
    } else {
      steps.get(step).split(text, start, end, (from, to) -> split(text, from, to, step + 1, words));
    }
  }
}
