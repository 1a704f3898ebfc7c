// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.examples.java.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.GenerationOptions;
import dev.alcedo.runtime.api.Message;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.PromptPart;
import dev.alcedo.runtime.api.Request;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.Token;
import dev.alcedo.runtime.api.TokenStream;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.spi.TextTrust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole way of a question, picture to text, on the shipped Alcedo-Tiny against PyTorch
/// (float32, the same quantised weights widened), made by
/// `examples/models/alcedo-tiny/goldens/make_goldens.py`.
class AlcedoTinyAnswersTest {
  private static final Path FOLDER = Path.of("..", "models", "alcedo-tiny");

  /// The KV cache is F16 here and F32 there.
  private static final double TOLERANCE = 0.02;

  private static final GenerationOptions OPTIONS =
      new GenerationOptions(48, 0, 0, 1, 0, 1, 64, 0, List.of(), false, 16);

  private static JsonNode goldens() throws IOException {
    return new ObjectMapper().readTree(FOLDER.resolve("goldens/goldens.json").toFile());
  }

  private static ModelOptions options(String backend) {
    return ModelOptions.of(FOLDER.resolve("alcedo-tiny-q8_0.gguf"))
        .withMmproj(FOLDER.resolve("mmproj-alcedo-tiny-q8_0.gguf"))
        .withBackend(backend);
  }

  @Test
  void idsAreThoseOfTheTrainer() throws IOException {
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS)) {
      var tokenizer = alcedo.tokenizer(FOLDER.resolve("alcedo-tiny-q8_0.gguf"));
      for (JsonNode entry : goldens().get("tokenizer")) {
        List<Integer> ids = new ArrayList<>();
        for (int id : tokenizer.encode(entry.get("text").asText(), false, TextTrust.NONE)) {
          ids.add(id);
        }
        assertEquals(ints(entry.get("ids")), ids, entry.get("text").asText());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu-scalar", "cpu"})
  void answersAndProbabilitiesAreThoseOfPyTorch(String backend) throws IOException {
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS);
        Model model = alcedo.load(options(backend), Progress.NONE)) {
      for (JsonNode picture : goldens().get("pictures")) {
        for (JsonNode turn : picture.get("turns")) {
          compare(model, picture, turn);
        }
      }
    }
  }

  private static void compare(Model model, JsonNode picture, JsonNode turn) throws IOException {
    byte[] bytes =
        Files.readAllBytes(FOLDER.resolve("goldens").resolve(picture.get("picture").asText()));
    String question = turn.get("question").asText();
    var message =
        new Message(
            Message.Role.USER,
            List.of(new PromptPart.Picture(model.prepare(bytes)), new PromptPart.Text(question)));
    try (Session session = model.openSession()) {
      TokenStream stream = session.generate(new Request.Chat(List.of(message), OPTIONS));
      List<Token> tokens = new ArrayList<>();
      for (Optional<Token> t = stream.next(); t.isPresent(); t = stream.next()) {
        tokens.add(t.get());
      }
      int promptLength =
          turn.get("ids_before_image").size()
              + picture.get("image_tokens").get("count").asInt()
              + turn.get("ids_after_image").size();
      assertEquals(promptLength, stream.await().statistics().promptTokenCount(), question);
      assertEquals(turn.get("answer").asText(), stream.await().text(), question);
      assertEquals(ints(turn.get("answer_ids")), tokens.stream().map(Token::id).toList(), question);
      for (int step = 0; step < tokens.size(); step++) {
        compareTop(turn.get("top8").get(step), tokens.get(step), question + " step " + step);
      }
    }
  }

  private static void compareTop(JsonNode expected, Token token, String where) {
    Map<Integer, Float> got = new HashMap<>();
    token.top().forEach(c -> got.put(c.id(), c.logProbability()));
    for (JsonNode pair : expected) {
      Float logProbability = got.get(pair.get(0).asInt());
      assertTrue(logProbability != null, where + ": id " + pair.get(0) + " is not among the best");
      // Far down the tail probabilities are tiny and their logarithms loose.
      double tolerance = TOLERANCE * Math.max(1, -pair.get(1).asDouble() / 2);
      assertEquals(pair.get(1).asDouble(), logProbability, tolerance, where);
    }
  }

  private static List<Integer> ints(JsonNode array) {
    List<Integer> list = new ArrayList<>();
    array.forEach(n -> list.add(n.asInt()));
    return list;
  }
}
