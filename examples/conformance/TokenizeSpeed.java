// SPDX-License-Identifier: Apache-2.0

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Times encoding a text again and again within one process; for `tokenize_speed.py`.
///
/// Prints for each run its milliseconds, then how many ids there were and a hash of them.
final class TokenizeSpeed {
  private TokenizeSpeed() {}

  /// @param args model, text file, number of runs
  public static void main(String[] args) throws Exception {
    String text = Files.readString(Path.of(args[1]));
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS)) {
      long opened = System.nanoTime();
      Tokenizer tokenizer = alcedo.tokenizer(Path.of(args[0]));
      System.out.println("open " + (System.nanoTime() - opened) / 1e6);
      int[] ids = {};
      for (int run = 0; run < Integer.parseInt(args[2]); run++) {
        long start = System.nanoTime();
        ids = tokenizer.encode(text, false, TextTrust.NONE);
        System.out.println("run " + (System.nanoTime() - start) / 1e6);
      }
      System.out.println("ids " + ids.length);
      System.out.println("hash " + Arrays.hashCode(ids));
    }
  }
}
