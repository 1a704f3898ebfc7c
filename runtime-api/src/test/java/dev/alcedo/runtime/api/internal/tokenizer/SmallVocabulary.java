// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Metadata of a small vocabulary, put together by a test. Checks nothing.
final class SmallVocabulary {
  static final int NORMAL = 1, UNKNOWN = 2, CONTROL = 3, USER_DEFINED = 4, UNUSED = 5, BYTE = 6;

  private final List<String> pieces = new ArrayList<>();
  private final List<Integer> types = new ArrayList<>();
  private final List<Double> scores = new ArrayList<>();
  private final List<String> merges = new ArrayList<>();
  private final Map<String, @Nullable Object> values = new HashMap<>();

  private SmallVocabulary(String model) {
    values.put("tokenizer.ggml.model", model);
  }

  /// SentencePiece: `<unk>`, `<s>`, `</s>`, 256 bytes (ids 3 to 258), `▁` (259), then what the test
  /// adds.
  static SmallVocabulary spm() {
    var vocabulary =
        new SmallVocabulary("llama").add("<unk>", UNKNOWN).add("<s>", CONTROL).add("</s>", CONTROL);
    for (int value = 0; value < 256; value++) {
      vocabulary.add("<0x%02X>".formatted(value), BYTE);
    }
    return vocabulary.add("▁", NORMAL);
  }

  /// Unigram: `<pad>`, `</s>`, `<unk>`, then what the test adds.
  static SmallVocabulary ugm() {
    return new SmallVocabulary("t5")
        .add("<pad>", CONTROL)
        .add("</s>", CONTROL)
        .add("<unk>", UNKNOWN);
  }

  /// WordPiece: `[PAD]`, `[UNK]`, `[CLS]`, `[SEP]`, then what the test adds.
  static SmallVocabulary wpm() {
    return new SmallVocabulary("bert")
        .add("[PAD]", CONTROL)
        .add("[UNK]", CONTROL)
        .add("[CLS]", CONTROL)
        .add("[SEP]", CONTROL)
        .set("tokenizer.ggml.unknown_token_id", 1L)
        .set("tokenizer.ggml.bos_token_id", 2L)
        .set("tokenizer.ggml.seperator_token_id", 3L);
  }

  /// SentencePiece without anything.
  static SmallVocabulary emptySpm() {
    return new SmallVocabulary("llama");
  }

  /// BPE: 256 bytes by value (ids 0 to 255), then what the test adds.
  static SmallVocabulary bpe(String pre) {
    var vocabulary = new SmallVocabulary("gpt2").set("tokenizer.ggml.pre", pre);
    for (int value = 0; value < 256; value++) {
      vocabulary.add(String.valueOf(BytePieces.charOf(value)), NORMAL);
    }
    return vocabulary;
  }

  /// BPE over characters: 256 byte tokens by value (ids 0 to 255), then what the test adds.
  static SmallVocabulary characters(String pre) {
    var vocabulary = new SmallVocabulary("gpt2").set("tokenizer.ggml.pre", pre);
    for (int value = 0; value < 256; value++) {
      vocabulary.add("<0x%02X>".formatted(value), BYTE);
    }
    return vocabulary.letters("▁theof");
  }

  SmallVocabulary add(String piece, int type) {
    return add(piece, type, 0);
  }

  SmallVocabulary add(String piece, int type, double score) {
    pieces.add(piece);
    types.add(type);
    scores.add(score);
    return this;
  }

  /// Single characters, in order.
  SmallVocabulary letters(String letters) {
    letters.codePoints().forEach(c -> add(Character.toString(c), NORMAL, -1000));
    return this;
  }

  /// A merge, and its result as a token where it is none yet.
  SmallVocabulary merge(String left, String right) {
    merges.add(left + " " + right);
    if (!pieces.contains(left + right)) {
      add(left + right, NORMAL);
    }
    return this;
  }

  /// An entry of the merge table as it is.
  SmallVocabulary rawMerge(String entry) {
    merges.add(entry);
    return this;
  }

  SmallVocabulary set(String key, @Nullable Object value) {
    values.put(key, value);
    return this;
  }

  int id(String piece) {
    return pieces.indexOf(piece);
  }

  int size() {
    return pieces.size();
  }

  /// The metadata, with whatever the test set in place of the tables.
  Metadata metadata() {
    Map<String, @Nullable Object> all = new HashMap<>();
    all.put("tokenizer.ggml.tokens", List.copyOf(pieces));
    all.put("tokenizer.ggml.token_type", types.stream().mapToLong(Integer::longValue).toArray());
    all.put("tokenizer.ggml.scores", scores.stream().mapToDouble(Double::doubleValue).toArray());
    all.put("tokenizer.ggml.merges", List.copyOf(merges));
    all.putAll(values);
    all.values().removeIf(Objects::isNull);
    return new Metadata("small.gguf", all);
  }

  /// Leaves a key out.
  SmallVocabulary without(String key) {
    values.put(key, null);
    return this;
  }

  Tokenizer open() {
    Metadata metadata = metadata();
    return SharedVocabulary.providers()
        .filter(provider -> provider.supports(metadata).isSupported())
        .findFirst()
        .orElseThrow()
        .open(metadata);
  }
}
