// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.Vocabulary.NONE;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.spi.Metadata;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/// Begin, end and unknown of a vocabulary, and whether encoding adds them. Follows llama.cpp, which
/// recognises many ends by their spelling because files name one end at most.
final class SpecialTokens {
  /// Pieces that end an answer wherever the file marks them as control or user-defined tokens.
  /// llama.cpp takes those marked as text as well; in Qwen2 that would make `</s>`, a piece of
  /// ordinary text there, an end that a user can write. Trusted text spells them as tokens in
  /// either case.
  private static final List<String> ENDS =
      List.of(
          "<|eot_id|>",
          "<|im_end|>",
          "<|end|>",
          "<|return|>",
          "<|call|>",
          "<|flush|>",
          "<|calls|>",
          "<end_of_turn>",
          "<|endoftext|>",
          "</s>",
          "<|eom_id|>",
          "<EOT>",
          "_<EOT>",
          "[EOT]",
          "[EOS]",
          "<|end_of_text|>",
          "<end_of_utterance>",
          "<eos>",
          "<turn|>",
          "<|tool_response>",
          "<｜end▁of▁sentence｜>",
          "[e~[",
          "<|fim_pad|>",
          "<fim-pad>",
          "<fim_pad>",
          "<PAD>",
          "[PAD]",
          "<|fim_repo|>",
          "<|repo_name|>",
          "<fim-repo>",
          "<REPO>",
          "<reponame>",
          "<|file_sep|>");

  /// Pieces that chat templates part speakers with. Some files mark them as user-defined, which any
  /// text may spell; here a user must not be able to speak as somebody else.
  private static final List<String> SPEAKERS =
      List.of(
          "<|im_start|>",
          "<|im_sep|>",
          "<|start_header_id|>",
          "<|end_header_id|>",
          "<start_of_turn>",
          "<|turn>",
          "<|system|>",
          "<|user|>",
          "<|assistant|>",
          "<|User|>",
          "<|Assistant|>",
          "<｜User｜>",
          "<｜Assistant｜>",
          "[INST]",
          "[/INST]",
          "[SYSTEM_PROMPT]",
          "[/SYSTEM_PROMPT]",
          "[|Human|]:",
          "[|AI|]:");

  private static final String ALWAYS = "what is encoded stands between two tokens";

  /// What a kind of tokenizer assumes where the file says nothing.
  ///
  /// @param bos begin-of-sequence id, or [Vocabulary#NONE]
  /// @param eos end-of-sequence id, or [Vocabulary#NONE]
  /// @param unknown id for text without a token, or [Vocabulary#NONE]
  /// @param separator id that always ends what is encoded, `bos` always beginning it; or
  ///   [Vocabulary#NONE]
  /// @param addBos whether encoding starts with `bos`
  /// @param insistOnBos whether it does so whatever the file says
  /// @param addEos whether encoding ends with `eos`
  record Defaults(
      int bos,
      int eos,
      int unknown,
      int separator,
      boolean addBos,
      boolean insistOnBos,
      boolean addEos) {
    /// Nothing is added.
    static Defaults of(int bos, int eos, int unknown) {
      return new Defaults(bos, eos, unknown, NONE, false, false, false);
    }

    /// Encoding starts with the begin token, if `isWanted` and there is one.
    Defaults addingBos(boolean isWanted) {
      return new Defaults(bos, eos, unknown, separator, isWanted, insistOnBos, addEos);
    }

    /// Encoding starts with the begin token, if `isWanted` and there is one, whatever the file
    /// says.
    Defaults insistingOnBos(boolean isWanted) {
      return new Defaults(bos, eos, unknown, separator, addBos, isWanted, addEos);
    }

    /// Encoding ends with the end token.
    Defaults addingEos() {
      return new Defaults(bos, eos, unknown, separator, addBos, insistOnBos, true);
    }

    /// Encoding always starts with the begin token and ends with the separator.
    Defaults alwaysBetween(int separatorId) {
      return new Defaults(bos, eos, unknown, separatorId, addBos, insistOnBos, addEos);
    }
  }

  private final int bos;
  private final int eos;
  private final int unknown;
  private final int opening;
  private final int closing;
  private final BitSet ends = new BitSet();
  private final BitSet spelled = new BitSet();

  private SpecialTokens(Metadata metadata, Vocabulary vocabulary, Defaults defaults) {
    int size = vocabulary.size();
    bos = id(metadata, TokenizerKeys.BOS_ID, size, defaults.bos());
    eos = id(metadata, TokenizerKeys.EOS_ID, size, defaults.eos());
    unknown = id(metadata, TokenizerKeys.UNKNOWN_ID, size, defaults.unknown());
    if (defaults.separator() != NONE) {
      int separator = id(metadata, TokenizerKeys.SEPARATOR_ID, size, defaults.separator());
      opening = require(metadata, ALWAYS, TokenizerKeys.BOS_ID, bos);
      closing = require(metadata, ALWAYS, TokenizerKeys.SEPARATOR_ID, separator);
      vocabulary.makeControl(closing);
    } else {
      boolean addBos =
          defaults.insistOnBos() && bos != NONE
              || metadata.bool(TokenizerKeys.ADD_BOS, defaults.addBos() && bos != NONE);
      boolean addEos = metadata.bool(TokenizerKeys.ADD_EOS, defaults.addEos() && eos != NONE);
      opening =
          addBos
              ? require(metadata, wanted(TokenizerKeys.ADD_BOS), TokenizerKeys.BOS_ID, bos)
              : NONE;
      closing =
          addEos
              ? require(metadata, wanted(TokenizerKeys.ADD_EOS), TokenizerKeys.EOS_ID, eos)
              : NONE;
    }
    collectEnds(metadata, vocabulary);
    protect(vocabulary);
  }

  /// Reads the special ids. Marks them as control tokens in `vocabulary`.
  ///
  /// @throws ModelFormatException if an id is out of range, or one that is to be added is missing
  static SpecialTokens of(Metadata metadata, Vocabulary vocabulary, Defaults defaults) {
    return new SpecialTokens(metadata, vocabulary, defaults);
  }

  OptionalInt bos() {
    return bos == NONE ? OptionalInt.empty() : OptionalInt.of(bos);
  }

  OptionalInt eos() {
    return eos == NONE ? OptionalInt.empty() : OptionalInt.of(eos);
  }

  /// The id for text without a token, or [Vocabulary#NONE].
  int unknown() {
    return unknown;
  }

  /// The token that encoding starts with, if any.
  OptionalInt opening() {
    return opening == NONE ? OptionalInt.empty() : OptionalInt.of(opening);
  }

  /// The token that encoding ends with, if any.
  OptionalInt closing() {
    return closing == NONE ? OptionalInt.empty() : OptionalInt.of(closing);
  }

  boolean isEnd(int id) {
    return ends.get(id);
  }

  /// The tokens that are cut out of text as a whole, where the text may spell them: all control,
  /// unknown and user-defined ones, and text that looks like an end.
  BitSet spelled() {
    return (BitSet) spelled.clone();
  }

  private void collectEnds(Metadata metadata, Vocabulary vocabulary) {
    closeToUsers(vocabulary, SPEAKERS);
    closeToUsers(vocabulary, ENDS);
    for (String piece : ENDS) {
      int id = vocabulary.find(piece);
      if (id != NONE && vocabulary.type(id) == TokenType.CONTROL) {
        ends.set(id);
      }
    }
    releaseEndsInsideAnswers(vocabulary);
    for (String key : List.of(TokenizerKeys.EOS_ID, TokenizerKeys.EOT_ID, TokenizerKeys.EOM_ID)) {
      int id = id(metadata, key, vocabulary.size(), NONE);
      if (id != NONE) {
        ends.set(id);
      }
    }
    if (eos != NONE) {
      ends.set(eos);
    }
  }

  private static void closeToUsers(Vocabulary vocabulary, List<String> pieces) {
    for (String piece : pieces) {
      int id = vocabulary.find(piece);
      if (id != NONE && vocabulary.type(id) == TokenType.USER_DEFINED) {
        vocabulary.makeControl(id);
      }
    }
  }

  /// `<|end|>` closes a part of an answer, not the answer, in vocabularies with calls and returns;
  /// `</s>` ends nothing in those with tool responses. Both stay control tokens, which llama.cpp
  /// does not leave them: a user must not be able to close a part either.
  private void releaseEndsInsideAnswers(Vocabulary vocabulary) {
    boolean calls = isEnd(vocabulary, "<|call|>") || isEnd(vocabulary, "<|calls|>");
    boolean returns = isEnd(vocabulary, "<|return|>") || isEnd(vocabulary, "<|flush|>");
    int end = vocabulary.find("<|end|>");
    if (calls && returns && end != NONE && ends.get(end)) {
      ends.clear(end);
    }
    int closing = vocabulary.find("</s>");
    if (isEnd(vocabulary, "<|tool_response>") && closing != NONE) {
      ends.clear(closing);
    }
  }

  private boolean isEnd(Vocabulary vocabulary, String piece) {
    int id = vocabulary.find(piece);
    return id != NONE && ends.get(id);
  }

  private void protect(Vocabulary vocabulary) {
    if (bos != NONE) {
      vocabulary.makeControl(bos);
    }
    ends.stream().forEach(vocabulary::makeControl);
    for (int id = 0; id < vocabulary.size(); id++) {
      TokenType type = vocabulary.type(id);
      spelled.set(id, type.isControl() || type == TokenType.USER_DEFINED);
    }
    for (String piece : ENDS) {
      int id = vocabulary.find(piece);
      if (id != NONE) {
        spelled.set(id);
      }
    }
  }

  private static String wanted(String key) {
    return "metadata key '%s' is true".formatted(key);
  }

  private static int require(Metadata metadata, String why, String idKey, int id) {
    if (id == NONE) {
      throw new ModelFormatException(
          "%s: %s: expected '%s' to name a token, got none"
              .formatted(metadata.source(), why, idKey));
    }
    return id;
  }

  /// An id from the file; -1 in either width, which converters write for "none", is none. A default
  /// that the vocabulary is too small for is none, too.
  private static int id(Metadata metadata, String key, int size, int fallback) {
    if (!metadata.has(key)) {
      return fallback < size ? fallback : NONE;
    }
    Object raw = metadata.value(key);
    if (raw instanceof Long value && (value == -1 || value == 0xffff_ffffL)) {
      return NONE;
    }
    return metadata.integer(key, 0, size - 1);
  }
}
