// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.examples.java.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.GenerationOptions;
import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.Message;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.PromptPart;
import dev.alcedo.runtime.api.Request;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.spi.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Measures a model on a folder of pictures with questions, with tiling on and off, and prints a
/// Markdown table of exact matches: `Evaluate MODEL MMPROJ FOLDER`.
///
/// The folder holds `questions.jsonl`, a line each: `{"picture": "0001.png", "task": "count",
/// "tiles": "1:1", "question": "...", "answer": "..."}`, with `"isWidened": true` if the picture is
/// larger than its tiles.
final class Evaluate {
  private static final GenerationOptions OPTIONS =
      new GenerationOptions(48, 0, 0, 1, 0, 1, 64, 0, List.of(), false, 0);

  private Evaluate() {}

  /// A question about a picture, and its answer.
  record Question(
      Path picture, String task, String tiles, boolean isWidened, String text, String answer) {}

  /// Exact matches among questions.
  static final class Score {
    private int right;
    private int total;

    void add(boolean isRight) {
      total++;
      right += isRight ? 1 : 0;
    }

    int total() {
      return total;
    }

    double percent() {
      return total == 0 ? 0 : 100.0 * right / total;
    }
  }

  /// Prints the table.
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[2]);
    List<Question> questions = read(folder);
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS)) {
      var options = ModelOptions.of(Path.of(args[0])).withMmproj(Path.of(args[1]));
      Map<String, Score> tiled = measure(alcedo, options, questions);
      Map<String, Score> overview =
          measure(alcedo, options.withImage(ImageOptions.DEFAULTS.tiled(false)), questions);
      print(tiled, overview);
    }
  }

  static List<Question> read(Path folder) throws IOException {
    var mapper = new ObjectMapper();
    List<Question> questions = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("questions.jsonl"))) {
      JsonNode node = mapper.readTree(line);
      questions.add(
          new Question(
              folder.resolve(node.get("picture").asText()),
              node.get("task").asText(),
              node.get("tiles").asText(),
              node.path("isWidened").asBoolean(),
              node.get("question").asText(),
              node.get("answer").asText()));
    }
    return questions;
  }

  private static Map<String, Score> measure(
      Alcedo alcedo, ModelOptions options, List<Question> questions) throws IOException {
    Map<String, Score> scores = new TreeMap<>();
    try (Model model = alcedo.load(options, Progress.NONE);
        Session session = model.openSession()) {
      for (Question question : questions) {
        boolean isRight = answer(model, session, question).text().strip().equals(question.answer());
        String group = question.tiles().equals("1:1") ? "one tile" : "many tiles";
        scores.computeIfAbsent(group + " | " + question.task(), _ -> new Score()).add(isRight);
        scores.computeIfAbsent(group + " | (all)", _ -> new Score()).add(isRight);
      }
    }
    return scores;
  }

  static Answer answer(Model model, Session session, Question question) throws IOException {
    var picture = new PromptPart.Picture(model.prepare(Files.readAllBytes(question.picture())));
    var message =
        new Message(Message.Role.USER, List.of(picture, new PromptPart.Text(question.text())));
    return session.generate(new Request.Chat(List.of(message), OPTIONS)).await();
  }

  private static void print(Map<String, Score> tiled, Map<String, Score> overview) {
    System.out.println("| picture | task | questions | exact match, tiling on | tiling off |");
    System.out.println("|---|---|---|---|---|");
    tiled.forEach((task, score) ->
        System.out.printf(
            "| %s | %d | %.1f %% | %.1f %% |%n",
            task, score.total, score.percent(), overview.get(task).percent()));
  }
}
