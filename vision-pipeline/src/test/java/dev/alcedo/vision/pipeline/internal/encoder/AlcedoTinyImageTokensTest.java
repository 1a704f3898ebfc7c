// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.internal.gguf.GgufFile;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.EncodeListener;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.spi.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The image tokens of the shipped Alcedo-Tiny against PyTorch's (float32, the same quantised
/// weights widened), made by `examples/models/alcedo-tiny/goldens/make_goldens.py`.
class AlcedoTinyImageTokensTest {
  private static final Path MODEL = Path.of("..", "examples", "models", "alcedo-tiny");

  /// Tokens are of the order of 1; two float32 runs differ by their order of summation.
  private static final double TOLERANCE = 2e-4;

  static List<JsonNode> pictures() throws IOException {
    List<JsonNode> pictures = new ArrayList<>();
    new ObjectMapper()
        .readTree(MODEL.resolve("goldens/goldens.json").toFile())
        .get("pictures")
        .forEach(pictures::add);
    return pictures;
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("pictures")
  void tokensAreThoseOfPyTorch(JsonNode picture) throws IOException {
    JsonNode golden = picture.get("image_tokens");
    int width = golden.get("first").get(0).size();
    byte[] bytes =
        Files.readAllBytes(MODEL.resolve("goldens").resolve(picture.get("picture").asText()));
    try (ModelFile mmproj = GgufFile.open(MODEL.resolve("mmproj-alcedo-tiny-q8_0.gguf"));
        Encoder encoder =
            new BluelmvEncoderProvider()
                .open(new TestContext(mmproj, width, ImageOptions.DEFAULTS))) {
      ImageTokens tokens = encoder.encode(bytes, EncodeListener.NONE, new Cancellation());
      assertEquals(picture.get("tiles").asInt(), tokens.report().tileCount());
      assertEquals(golden.get("count").asInt(), tokens.report().tokenCount());
      float[] values = tokens.embeddings().toFloats();
      int count = tokens.report().tokenCount();
      for (int i = 0; i < golden.get("first").size(); i++) {
        compareRow(golden.get("first").get(i), values, i);
        compareRow(golden.get("last").get(i), values, count - golden.get("last").size() + i);
      }
      for (int token = 0; token < count; token++) {
        compareMoments(golden, values, token, width);
      }
    }
  }

  private static void compareRow(JsonNode expected, float[] values, int token) {
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(
          expected.get(i).asDouble(),
          values[token * expected.size() + i],
          TOLERANCE,
          "token %d element %d".formatted(token, i));
    }
  }

  private static void compareMoments(JsonNode golden, float[] values, int token, int width) {
    double sum = 0;
    double squares = 0;
    for (int i = token * width; i < (token + 1) * width; i++) {
      sum += values[i];
      squares += (double) values[i] * values[i];
    }
    String name = "token " + token;
    assertEquals(golden.get("means").get(token).asDouble(), sum / width, TOLERANCE, name);
    assertEquals(golden.get("norms").get(token).asDouble(), Math.sqrt(squares), 1e-2, name);
  }
}
