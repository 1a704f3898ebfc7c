// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Published tokenizer-only files, which lie outside the repository.
class SharedVocabulariesTest {
  @ParameterizedTest
  @CsvSource({
    "gpt-2, gpt2, 50257, 50000",
    "llama-bpe, gpt2, 128256, 280147",
    "llama-spm, llama, 32000, 0",
    "phi-3, llama, 32064, 0",
    "qwen2, gpt2, 151936, 151387"
  })
  void published_vocabulary_opens(String name, String model, int tokenCount, int mergeCount) {
    Path file = shared().resolve("vocab", "ggml-vocab-" + name + ".gguf");
    assumeTrue(Files.exists(file), () -> file + " is not there (set ALCEDO_SHARED)");
    try (var gguf = GgufFile.open(file)) {
      assertEquals(3, gguf.version());
      assertTrue(gguf.tensors().isEmpty());
      var metadata = gguf.metadata();
      assertEquals(model, metadata.string("tokenizer.ggml.model"));
      var tokens = metadata.strings("tokenizer.ggml.tokens");
      assertEquals(tokenCount, tokens.size());
      assertEquals(tokenCount, metadata.integers("tokenizer.ggml.token_type").length);
      assertTrue(tokens.stream().allMatch(Utf8::isValid));
      if (mergeCount > 0) {
        assertEquals(mergeCount, metadata.strings("tokenizer.ggml.merges").size());
      }
    }
  }

  private static Path shared() {
    return Optional.ofNullable(System.getenv("ALCEDO_SHARED"))
        .map(Path::of)
        .orElse(Path.of("..", "..", "shared"));
  }
}
