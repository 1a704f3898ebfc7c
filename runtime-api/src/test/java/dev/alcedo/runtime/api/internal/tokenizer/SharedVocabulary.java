// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.alcedo.runtime.api.internal.gguf.GgufFile;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.runtime.api.spi.TokenizerProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Published vocabularies with texts and the ids that llama.cpp gives for them. They lie outside
/// the repository: in the folder that `ALCEDO_SHARED` names, or beside the repository.
final class SharedVocabulary {
  private static final String SEPARATOR = "\n__ggml_vocab_test__\n";
  private static final Map<String, Tokenizer> OPEN = new HashMap<>();

  private SharedVocabulary() {}

  /// The tokenizer; skips the test where the file is not there.
  static synchronized Tokenizer open(String name) {
    Path file = file(name, "");
    if (!Files.exists(file)) {
      String reason = file + " is not there: set ALCEDO_SHARED to run this test";
      System.out.println("skipped: " + reason); // Surefire keeps the reasons of skips to itself
      abort(reason);
    }
    return OPEN.computeIfAbsent(
        name,
        _ -> {
          try (var gguf = GgufFile.open(file)) {
            return providers()
                .filter(provider -> provider.supports(gguf.metadata()).isSupported())
                .findFirst()
                .orElseThrow()
                .open(gguf.metadata());
          }
        });
  }

  /// The texts of the vocabulary's test.
  static List<String> texts(String name) {
    return List.of(read(file(name, ".inp")).split(SEPARATOR, -1));
  }

  /// Their ids.
  static List<int[]> ids(String name) {
    List<int[]> out = new ArrayList<>();
    for (String line : read(file(name, ".out")).split("\n", -1)) {
      out.add(
          Arrays.stream(line.trim().split(" "))
              .filter(s -> !s.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray());
    }
    return out;
  }

  static Stream<TokenizerProvider> providers() {
    return Stream.of(
        new BpeTokenizerProvider(),
        new SpmTokenizerProvider(),
        new UgmTokenizerProvider(),
        new WpmTokenizerProvider());
  }

  private static Path file(String name, String suffix) {
    return Optional.ofNullable(System.getenv("ALCEDO_SHARED"))
        .map(Path::of)
        .orElse(Path.of("..", "..", "shared"))
        .resolve("vocab", "ggml-vocab-" + name + ".gguf" + suffix);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
