// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// A prompt as one text, which begins alike where prompts begin alike, at whichever engine.
final class PromptText {
  private PromptText() {}

  static String of(Ask.Prompt prompt) {
    var out = new StringBuilder();
    switch (prompt) {
      case Ask.Chat(List<Ask.Turn> turns) -> {
        for (Ask.Turn turn : turns) {
          out.append(turn.role()).append(':');
          turn.pieces().forEach(piece -> append(out, piece));
        }
      }
      case Ask.Raw(List<Ask.Piece> pieces) -> pieces.forEach(piece -> append(out, piece));
    }
    return out.toString();
  }

  private static void append(StringBuilder out, Ask.Piece piece) {
    switch (piece) {
      case Ask.Text(String text) -> out.append(text).append('\n');
      case Ask.Tokens(List<Integer> ids) -> out.append(ids).append('\n');
      case Ask.Picture(byte[] bytes) -> out.append(hash(bytes));
      case Ask.Remote(String _, String url) -> out.append(url);
      case Ask.Prepared(String handle) -> out.append(handle);
    }
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
