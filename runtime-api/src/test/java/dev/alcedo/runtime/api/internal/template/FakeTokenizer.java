// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.TokenDecoder;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// As much of a tokenizer as templates ask for: special tokens and a template.
///
/// @param pieces all tokens; the first two are begin and end
/// @param addsBegin whether encoding puts the begin token first
record FakeTokenizer(List<String> pieces, boolean addsBegin, Optional<String> chatTemplate)
    implements Tokenizer {
  static FakeTokenizer with(String jinja) {
    return new FakeTokenizer(List.of("<s>", "</s>"), true, Optional.of(jinja));
  }

  @Override
  public int vocabSize() {
    return pieces.size();
  }

  @Override
  public int[] encode(String text, boolean addSpecial, TextTrust trust) {
    return addSpecial && addsBegin ? new int[] {0} : new int[0];
  }

  @Override
  public OptionalInt find(String piece) {
    int id = pieces.indexOf(piece);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public String piece(int id) {
    return pieces.get(id);
  }

  @Override
  public OptionalInt beginId() {
    return OptionalInt.of(0);
  }

  @Override
  public OptionalInt endId() {
    return OptionalInt.of(1);
  }

  @Override
  public byte[] bytes(int id, boolean renderControl) {
    throw new AssertionError("templates do not decode");
  }

  @Override
  public String decode(int[] ids, boolean renderControl) {
    throw new AssertionError("templates do not decode");
  }

  @Override
  public TokenDecoder decoder() {
    throw new AssertionError("templates do not decode");
  }

  @Override
  public boolean isControl(int id) {
    return true;
  }

  @Override
  public boolean isEnd(int id) {
    return id == 1;
  }

  @Override
  public String describe() {
    return "fake";
  }
}
