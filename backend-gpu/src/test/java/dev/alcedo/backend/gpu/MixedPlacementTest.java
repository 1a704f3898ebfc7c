// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.gpu.internal.compile.Features;
import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.GenerationOptions;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.PromptPart;
import dev.alcedo.runtime.api.Request;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.TokenStream;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.spi.Stage;
import dev.alcedo.runtime.api.tensor.DType;
import dev.alcedo.testkit.Seeds;
import dev.alcedo.testkit.ToyText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A model on the device, on cpu, and on both: the same answer over several turns, since both write
/// the same KV cache; and the report says what went where.
@ExtendWith(Seeds.class)
class MixedPlacementTest {
  private static final String GPU = "gpu-test";

  @TempDir static Path folder;

  @TestFactory
  Stream<DynamicTest> answersAsCpuDoes() {
    return Stream.of(
            Map.of(Stage.TEXT_PREFILL, GPU),
            Map.of(Stage.TEXT_DECODE, GPU),
            Map.of(Stage.TEXT_DECODE, GPU, Stage.TEXT_LOGITS, GPU),
            Map.of(Stage.TEXT_PREFILL, GPU, Stage.TEXT_DECODE, GPU, Stage.TEXT_LOGITS, GPU))
        .flatMap(stages ->
            Stream.of(true, false)
                .map(isGpu ->
                    DynamicTest.dynamicTest(
                        "%s, laid out as for a GPU: %s".formatted(stages, isGpu),
                        () -> check(stages, isGpu))));
  }

  private static void check(Map<Stage, String> stages, boolean isGpu) {
    var provider = new TestDevice(isGpu, Features.NONE);
    Assumptions.assumeTrue(
        provider.probe() instanceof Availability.Available, "skipped: no OpenCL device");
    Path file = ToyText.small(DType.F32).writeTo(folder.resolve("toy.gguf"));
    ModelOptions options = ModelOptions.of(file).withBackend("cpu").withChunkLength(16);
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS, List.of(provider));
        Model onCpu = alcedo.load(options, Progress.NONE);
        Model mixed = alcedo.load(options.withStages(stages), Progress.NONE)) {
      Map<Stage, String> backends =
          mixed.info().placement().stream()
              .filter(placement -> placement.fallbacks().isEmpty())
              .collect(Collectors.toMap(p -> p.stage(), p -> p.backend()));
      for (Stage stage : List.of(Stage.TEXT_PREFILL, Stage.TEXT_DECODE, Stage.TEXT_LOGITS)) {
        assertEquals(stages.getOrDefault(stage, "cpu"), backends.get(stage), stage.toString());
      }
      try (Session expected = onCpu.openSession();
          Session got = mixed.openSession()) {
        for (int turn = 0; turn < 3; turn++) {
          Request request = request(turn);
          List<Integer> ids = ids(expected.generate(request));
          assertTrue(ids.stream().distinct().count() > 2, "a model that says one thing");
          assertEquals(ids, ids(got.generate(request)), "turn " + turn);
        }
      }
    }
  }

  private static Request request(int turn) {
    int[] ids = new int[20 + 30 * turn];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = 270 + i * 7 % 60;
    }
    ids[0] = 1;
    return new Request.Completion(
        List.of(new PromptPart.Tokens(ids)),
        new GenerationOptions(12, 0, 0, 1, 0, 1, 64, 0, List.of(), true, 1));
  }

  private static List<Integer> ids(TokenStream stream) {
    List<Integer> ids = new ArrayList<>();
    for (Optional<Token> token = stream.next(); token.isPresent(); token = stream.next()) {
      ids.add(token.get().id());
    }
    stream.await();
    return ids;
  }
}
