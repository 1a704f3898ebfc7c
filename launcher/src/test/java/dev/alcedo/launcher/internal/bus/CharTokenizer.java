// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.TokenDecoder;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/// Every character is a token; 1 begins a text.
final class CharTokenizer implements Tokenizer {
  @Override
  public int vocabSize() {
    return 65_536;
  }

  @Override
  public int[] encode(String text, boolean addSpecial, TextTrust trust) {
    int[] ids = text.chars().toArray();
    if (!addSpecial) {
      return ids;
    }
    int[] begun = new int[ids.length + 1];
    begun[0] = 1;
    System.arraycopy(ids, 0, begun, 1, ids.length);
    return begun;
  }

  @Override
  public byte[] bytes(int id, boolean renderControl) {
    return piece(id).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String decode(int[] ids, boolean renderControl) {
    var out = new StringBuilder();
    Arrays.stream(ids).forEach(id -> out.append((char) id));
    return out.toString();
  }

  @Override
  public TokenDecoder decoder() {
    return new TokenDecoder() {
      @Override
      public String next(int id) {
        return piece(id);
      }

      @Override
      public String finish() {
        return "";
      }
    };
  }

  @Override
  public OptionalInt find(String piece) {
    return piece.length() == 1 ? OptionalInt.of(piece.charAt(0)) : OptionalInt.empty();
  }

  @Override
  public String piece(int id) {
    return id == 1 ? "<begin>" : Character.toString(id);
  }

  @Override
  public boolean isControl(int id) {
    return id == 1;
  }

  @Override
  public boolean isEnd(int id) {
    return false;
  }

  @Override
  public OptionalInt beginId() {
    return OptionalInt.of(1);
  }

  @Override
  public OptionalInt endId() {
    return OptionalInt.empty();
  }

  @Override
  public Optional<String> chatTemplate() {
    return Optional.empty();
  }

  @Override
  public String describe() {
    return "characters";
  }
}
