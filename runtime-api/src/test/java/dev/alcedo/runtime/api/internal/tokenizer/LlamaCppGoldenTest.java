// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.spi.TextTrust;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The ids of llama.cpp's own tokenizer tests, for every published vocabulary that is at hand.
class LlamaCppGoldenTest {
  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "llama-bpe", "llama-spm", "phi-3", "qwen2"})
  void gives_the_ids_of_llama_cpp(String name) {
    var tokenizer = SharedVocabulary.open(name);
    List<String> texts = SharedVocabulary.texts(name);
    List<int[]> ids = SharedVocabulary.ids(name);
    assertTrue(texts.size() > 40 && ids.size() >= texts.size(), texts.size() + " texts");
    for (int i = 0; i < texts.size(); i++) {
      assertArrayEquals(
          ids.get(i), tokenizer.encode(texts.get(i), false, TextTrust.NONE), "text " + i);
    }
  }
}
