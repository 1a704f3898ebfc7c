// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.synth;

import dev.alcedo.runtime.api.internal.gguf.GgufWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A SentencePiece-style vocabulary of any size: control tokens that projectors and chat templates
/// look for, 256 byte tokens, printable ASCII, and all words over twelve letters, short ones first,
/// with and without a space before them. Every beginning of a word is a piece, so every word can be
/// reached by merges.
final class SyntheticVocabulary {
  private static final int NORMAL = 1, UNKNOWN = 2, CONTROL = 3, BYTE = 6;
  private static final int UNKNOWN_ID = 0, BOS_ID = 1, EOS_ID = 2;
  private static final String SPACE = "\u2581";
  private static final String LETTERS = "etaoinshrdlu";

  /// Before and after the image tokens of projector `bluelmv`.
  static final String IMAGE_BEGIN = "<im_start>", IMAGE_END = "<im_end>";

  private static final int TILE_ROWS_MAX = 6, TILE_COLS_MAX = 6;

  private final List<String> pieces = new ArrayList<>();
  private final List<Integer> types = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  private final int size;

  SyntheticVocabulary(int size) {
    this.size = size;
    add("<unk>", UNKNOWN);
    controls().forEach(piece -> add(piece, CONTROL));
    for (int value = 0; value < 256; value++) {
      add("<0x%02X>".formatted(value), BYTE);
    }
    add(SPACE, NORMAL);
    for (char c = '!'; c <= '~'; c++) {
      add(String.valueOf(c), NORMAL);
    }
    addWords();
  }

  private static List<String> controls() {
    List<String> all =
        new ArrayList<>(
            List.of(
                "<s>",
                "</s>",
                "\n\n", // before the overview of Idefics 3
                "[|Human|]:",
                "[|AI|]:",
                IMAGE_BEGIN,
                IMAGE_END,
                "<image>",
                "<fake_token_around_image>",
                "<global-img>",
                "<end_of_utterance>",
                "<start_of_image>",
                "<end_of_image>"));
    for (int row = 1; row <= TILE_ROWS_MAX; row++) {
      for (int col = 1; col <= TILE_COLS_MAX; col++) {
        all.add("<row_%d_col_%d>".formatted(row, col));
      }
    }
    return all;
  }

  private void addWords() {
    List<String> words = List.of("");
    while (pieces.size() < size) {
      List<String> longer = new ArrayList<>();
      for (String word : words) {
        for (int i = 0; i < LETTERS.length() && pieces.size() < size; i++) {
          String next = word + LETTERS.charAt(i);
          longer.add(next);
          add(next, NORMAL);
          add(SPACE + next, NORMAL);
        }
      }
      words = longer;
    }
  }

  private void add(String piece, int type) {
    if (pieces.size() < size && seen.add(piece)) {
      pieces.add(piece);
      types.add(type);
    }
  }

  /// Adds the `tokenizer.ggml.*` keys.
  void addTo(GgufWriter file) {
    var scores = new float[size];
    for (int id = 0; id < size; id++) {
      scores[id] = types.get(id) == NORMAL ? -id : 0;
    }
    file.string("tokenizer.ggml.model", "llama")
        .strings("tokenizer.ggml.tokens", pieces)
        .f32s("tokenizer.ggml.scores", scores)
        .i32s("tokenizer.ggml.token_type", types.stream().mapToInt(type -> type).toArray())
        .u32("tokenizer.ggml.bos_token_id", BOS_ID)
        .u32("tokenizer.ggml.eos_token_id", EOS_ID)
        .u32("tokenizer.ggml.unknown_token_id", UNKNOWN_ID)
        .bool("tokenizer.ggml.add_bos_token", true)
        .bool("tokenizer.ggml.add_eos_token", false)
        .bool("tokenizer.ggml.add_space_prefix", true);
  }
}
