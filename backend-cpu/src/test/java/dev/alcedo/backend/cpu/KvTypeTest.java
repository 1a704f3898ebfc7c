// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import static dev.alcedo.backend.cpu.SessionFixture.completion;
import static dev.alcedo.backend.cpu.SessionFixture.greedy;
import static dev.alcedo.backend.cpu.SessionFixture.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.cpu.SessionFixture.Outcome;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.ToyText;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// What a KV cache of 8 bits costs and saves.
@ParameterizedClass
@MethodSource("dev.alcedo.backend.cpu.SessionFixture#backends")
@ExtendWith(Seeds.class)
class KvTypeTest {
  // Codes of 127 steps are 1/250 off at most, 1/450 on average, in keys and in values; two blocks
  // pass that on to log-probabilities of 1 to 4. Wrong scales or codes move them by tenths.
  private static final float TOLERANCE = 0.05f;

  private final Path folder;
  private final ModelOptions options;

  KvTypeTest(String backend, @TempDir Path folder) {
    this.folder = folder;
    var toy = new ToyText(DType.F32, 64, 2, 2, 1, 32, 128, 512, false, 1);
    this.options = ModelOptions.of(toy.writeTo(folder.resolve("toy.gguf"))).withBackend(backend);
  }

  @Test
  void answersNearlyLikeF16() {
    int[] prompt = ids("kv type", 120);
    Token f16 = first(options, prompt);
    Token q8 = first(options.withKvType(DType.Q8_0), prompt);
    assertNotEquals(f16.top(), q8.top(), "an 8-bit cache that is none");
    Map<Integer, Float> expected =
        f16.top().stream()
            .collect(Collectors.toMap(Token.Candidate::id, Token.Candidate::logProbability));
    long compared =
        q8.top().stream()
            .filter(c -> expected.containsKey(c.id()))
            .peek(c -> assertEquals(expected.get(c.id()), c.logProbability(), TOLERANCE))
            .count();
    assertTrue(compared >= 3, f16.top() + " " + q8.top());
  }

  private static Token first(ModelOptions options, int[] prompt) {
    try (var toy = SessionFixture.open(options)) {
      Outcome outcome = toy.fresh(completion(prompt, greedy(1)));
      return outcome.tokens().getFirst();
    }
  }

  @Test
  void takesAboutHalfOfTheMemory() {
    Function<DType, Long> bytes =
        dtype -> {
          try (var toy = SessionFixture.open(options.withKvType(dtype))) {
            return toy.model().info().memory().kvBytesPerSession();
          }
        };
    // 34 bytes for 32 elements, against 64.
    assertEquals(bytes.apply(DType.F16) * 34, bytes.apply(DType.Q8_0) * 64);
  }

  @Test
  void needsHeadsOfWholeBlocks() {
    ModelOptions narrow =
        ModelOptions.of(ToyText.small(DType.F32).writeTo(folder.resolve("narrow.gguf")))
            .withKvType(DType.Q8_0);
    var e = assertThrows(InvalidRequestException.class, () -> SessionFixture.open(narrow));
    assertEquals(
        "kvType: heads of 16 elements are no whole blocks of 32, as q8_0 has them: use f16",
        e.getMessage());
  }

  @Test
  void hasFewTypes() {
    var e = assertThrows(InvalidRequestException.class, () -> options.withKvType(DType.Q4_0));
    assertEquals("kvType: expected one of f16, q8_0, f32, got q4_0", e.getMessage());
  }
}
