// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A SentencePiece-style vocabulary for toy models: control tokens, 256 byte tokens, printable
/// ASCII, and some words, each reachable by merges because all its beginnings are pieces too.
public final class ToyVocabulary {
  /// The space of SentencePiece.
  public static final String SPACE = "\u2581";

  /// Token that opens an image, control.
  public static final String IMAGE_BEGIN = "<im_start>";

  /// Token that closes an image, control.
  public static final String IMAGE_END = "<im_end>";

  /// Ids of the tokens that every toy model has.
  public static final int UNKNOWN_ID = 0, BOS_ID = 1, EOS_ID = 2;

  private static final int NORMAL = 1, UNKNOWN = 2, CONTROL = 3, UNUSED = 5, BYTE = 6;
  private static final List<String> WORDS =
      List.of(
          "a", "the", "bird", "fish", "river", "branch", "blue", "orange", "small", "sits", "sees",
          "dives", "how", "many", "what", "where", "colour", "is", "are", "on", "of", "and", "it",
          "in", "to", "water", "one", "two", "three", "yes", "no", "left", "right");

  private final Map<String, Integer> types = new LinkedHashMap<>();

  private ToyVocabulary(int multiple) {
    types.put("<unk>", UNKNOWN);
    for (String control : List.of("<s>", "</s>", "[|Human|]:", "[|AI|]:", IMAGE_BEGIN, IMAGE_END)) {
      types.put(control, CONTROL);
    }
    for (int value = 0; value < 256; value++) {
      types.put("<0x%02X>".formatted(value), BYTE);
    }
    types.put(SPACE, NORMAL);
    for (char c = '!'; c <= '~'; c++) {
      types.put(String.valueOf(c), NORMAL);
    }
    for (String word : WORDS) {
      for (int end = 1; end <= word.length(); end++) {
        types.putIfAbsent(SPACE + word.substring(0, end), NORMAL);
      }
    }
    for (int spare = 0; types.size() % multiple != 0; spare++) {
      types.put("<spare%d>".formatted(spare), UNUSED);
    }
  }

  /// A vocabulary whose size is a multiple of `multiple`.
  public static ToyVocabulary ofMultiple(int multiple) {
    return new ToyVocabulary(multiple);
  }

  /// Number of tokens.
  public int size() {
    return types.size();
  }

  /// All pieces by id.
  public List<String> pieces() {
    return List.copyOf(types.keySet());
  }

  /// Adds the `tokenizer.ggml.*` keys to a file.
  public void addTo(TestGguf gguf) {
    var scores = new float[size()];
    var kinds = new int[size()];
    int id = 0;
    for (int type : new ArrayList<>(types.values())) {
      kinds[id] = type;
      scores[id] = type == NORMAL ? -id : 0;
      id++;
    }
    gguf.string("tokenizer.ggml.model", "llama")
        .strings("tokenizer.ggml.tokens", pieces())
        .f32s("tokenizer.ggml.scores", scores)
        .i32s("tokenizer.ggml.token_type", kinds)
        .u32("tokenizer.ggml.bos_token_id", BOS_ID)
        .u32("tokenizer.ggml.eos_token_id", EOS_ID)
        .u32("tokenizer.ggml.unknown_token_id", UNKNOWN_ID)
        .bool("tokenizer.ggml.add_bos_token", true)
        .bool("tokenizer.ggml.add_eos_token", false)
        .bool("tokenizer.ggml.add_space_prefix", true);
  }
}
