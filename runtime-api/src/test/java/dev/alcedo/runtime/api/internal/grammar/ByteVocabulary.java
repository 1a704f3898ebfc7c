// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.grammar;

import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.TokenDecoder;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// A vocabulary of the 256 bytes, some longer words, a control token and an end token, in that
/// order. Decoders may drop a first space.
final class ByteVocabulary implements Tokenizer {
  private final String[] words;
  private final boolean dropsSpace;

  ByteVocabulary(boolean dropsSpace, String... words) {
    this.words = words.clone();
    this.dropsSpace = dropsSpace;
  }

  int control() {
    return 256 + words.length;
  }

  int end() {
    return control() + 1;
  }

  /// The id of a word, or of a text of one byte.
  int id(String word) {
    int index = Arrays.asList(words).indexOf(word);
    return index < 0 ? word.getBytes(StandardCharsets.UTF_8)[0] & 0xFF : 256 + index;
  }

  @Override
  public int vocabSize() {
    return end() + 1;
  }

  @Override
  public int[] encode(String text, boolean addSpecial, TextTrust trust) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    Arrays.setAll(ids, i -> bytes[i] & 0xFF);
    return ids;
  }

  @Override
  public byte[] bytes(int id, boolean renderControl) {
    if (id < 256) {
      return new byte[] {(byte) id};
    }
    return id < control() ? words[id - 256].getBytes(StandardCharsets.UTF_8) : new byte[0];
  }

  @Override
  public String decode(int[] ids, boolean renderControl) {
    return Arrays.stream(ids)
        .mapToObj(id -> new String(bytes(id, false), StandardCharsets.ISO_8859_1))
        .collect(Collectors.joining());
  }

  @Override
  public TokenDecoder decoder() {
    return new TokenDecoder() {
      private boolean isFirst = true;

      @Override
      public String next(int id) {
        String text = new String(bytes(id, false), StandardCharsets.UTF_8);
        boolean drops = isFirst && dropsSpace && text.startsWith(" ");
        isFirst = false;
        return drops ? text.substring(1) : text;
      }

      @Override
      public String finish() {
        return "";
      }
    };
  }

  @Override
  public OptionalInt find(String piece) {
    return OptionalInt.empty();
  }

  @Override
  public String piece(int id) {
    return new String(bytes(id, true), StandardCharsets.UTF_8);
  }

  @Override
  public boolean isControl(int id) {
    return id >= control();
  }

  @Override
  public boolean isEnd(int id) {
    return id == end();
  }

  @Override
  public OptionalInt beginId() {
    return OptionalInt.empty();
  }

  @Override
  public OptionalInt endId() {
    return OptionalInt.of(end());
  }

  @Override
  public Optional<String> chatTemplate() {
    return Optional.empty();
  }

  @Override
  public String describe() {
    return "bytes";
  }
}
