// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static dev.alcedo.runtime.api.internal.tokenizer.Vocabulary.NONE;

import dev.alcedo.runtime.api.internal.gguf.Utf8;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.TokenDecoder;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.util.Optional;
import java.util.OptionalInt;

/// What all tokenizers from GGUF tables share: special tokens are cut out of the text first, the
/// rest goes to a [TextCodec].
final class GgufTokenizer implements Tokenizer {
  private final Vocabulary vocabulary;
  private final SpecialTokens special;
  private final TextCodec codec;
  private final TokenMatcher matcher;
  private final Optional<String> chatTemplate;

  /// @param special read from `vocabulary` before, because it corrects types
  GgufTokenizer(Metadata metadata, Vocabulary vocabulary, SpecialTokens special, TextCodec codec) {
    this.vocabulary = vocabulary;
    this.special = special;
    this.codec = codec;
    this.matcher =
        new TokenMatcher(vocabulary, special.spelled(), TokenSpaces.of(metadata, vocabulary));
    this.chatTemplate =
        metadata.has(TokenizerKeys.CHAT_TEMPLATE)
            ? Optional.of(metadata.string(TokenizerKeys.CHAT_TEMPLATE))
            : Optional.empty();
  }

  @Override
  public int vocabSize() {
    return vocabulary.size();
  }

  @Override
  public int[] encode(String text, boolean addSpecial, TextTrust trust) {
    var out = new IntList();
    if (addSpecial) {
      special.opening().ifPresent(out::add);
    }
    String clean = replaceLoneSurrogates(text);
    matcher.split(
        clean,
        trust,
        new TokenMatcher.Parts() {
          private boolean first = true;

          @Override
          public void text(int start, int end) {
            codec.encode(clean.substring(start, end), first, out);
            first = false;
          }

          @Override
          public void token(int id) {
            out.add(id);
            first = true;
          }
        });
    if (addSpecial) {
      special.closing().ifPresent(out::add);
    }
    return out.toArray();
  }

  @Override
  public byte[] bytes(int id, boolean renderControl) {
    String piece = vocabulary.piece(id);
    return switch (vocabulary.type(id)) {
      case CONTROL, UNKNOWN -> renderControl ? Utf8.encode(piece) : new byte[0];
      case USER_DEFINED -> Utf8.encode(piece);
      case BYTE -> new byte[] {(byte) vocabulary.byteValue(id)};
      case NORMAL, UNUSED, UNDEFINED -> codec.decode(piece);
    };
  }

  @Override
  public String decode(int[] ids, boolean renderControl) {
    var decoder = new Utf8TokenDecoder(this, renderControl);
    var text = new StringBuilder();
    for (int id : ids) {
      text.append(decoder.next(id));
    }
    return text.append(decoder.finish()).toString();
  }

  @Override
  public TokenDecoder decoder() {
    return new Utf8TokenDecoder(this, false);
  }

  /// Whether encoding would have put a space before the text behind `id`.
  boolean addsSpaceAfter(int id) {
    TokenType type = vocabulary.type(id);
    return codec.addsSpacePrefix() && (type == TokenType.CONTROL || type == TokenType.USER_DEFINED);
  }

  /// Whether encoding puts a space before the first text.
  boolean addsSpacePrefix() {
    return codec.addsSpacePrefix();
  }

  @Override
  public OptionalInt find(String piece) {
    int id = vocabulary.find(piece);
    return id == NONE ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public String piece(int id) {
    return vocabulary.piece(id);
  }

  @Override
  public boolean isControl(int id) {
    return vocabulary.type(id).isControl();
  }

  @Override
  public boolean isEnd(int id) {
    return id >= 0 && special.isEnd(id);
  }

  @Override
  public OptionalInt beginId() {
    return special.bos();
  }

  @Override
  public OptionalInt endId() {
    return special.eos();
  }

  @Override
  public Optional<String> chatTemplate() {
    return chatTemplate;
  }

  @Override
  public String describe() {
    return "%s, %d tokens".formatted(codec.describe(), vocabulary.size());
  }

  /// Lone surrogates are no characters and have no UTF-8; U+FFFD takes their place, so that
  /// positions stay as they are.
  private static String replaceLoneSurrogates(String text) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      if (out == null) {
        out = new StringBuilder(text);
      }
      out.setCharAt(i, '\uFFFD');
    }
    return out == null ? text : out.toString();
  }
}
