// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.examples.java.embedding;

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.ImageOptions.TileRule;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.QuantizeOptions;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Measures a model of Q8_0 weights in several precisions and under each tiling rule, and prints a
/// Markdown table of exact matches, image tokens and times: `EvaluateRules MODEL MMPROJ FOLDER`.
/// The folder is [Evaluate]'s.
final class EvaluateRules {
  private static final ImageOptions RELAXED = ImageOptions.DEFAULTS;

  private EvaluateRules() {}

  /// A row of the table.
  private record Row(String preset, String rule, ModelOptions options) {}

  /// What came of a row: exact matches by kind of picture, and sums over all pictures.
  private static final class Result {
    private final Map<String, Evaluate.Score> scores = new TreeMap<>();
    private long pictures;
    private long tiles;
    private long tokens;
    private double encodeSeconds;
    private double firstTokenSeconds;

    void add(Evaluate.Question question, Answer answer) {
      String kind = question.tiles().equals("1:1") ? "1 tile" : "many tiles";
      scores
          .computeIfAbsent(
              question.isWidened() ? kind + " and more" : kind, _ -> new Evaluate.Score())
          .add(answer.text().strip().equals(question.answer()));
      pictures++;
      tiles += answer.statistics().tileCount();
      tokens += answer.statistics().imageTokenCount();
      encodeSeconds += answer.statistics().imageTime().toNanos() / 1e9;
      firstTokenSeconds += answer.statistics().timeToFirstToken().toNanos() / 1e9;
    }
  }

  /// Prints the table.
  public static void main(String[] args) throws IOException {
    List<Evaluate.Question> questions = Evaluate.read(Path.of(args[2]));
    Path folder = Files.createTempDirectory("alcedo-evaluate-");
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS)) {
      boolean isFirst = true;
      for (Row row : rows(alcedo, Path.of(args[0]), Path.of(args[1]), folder)) {
        Result result = measure(alcedo, row, questions);
        if (isFirst) {
          printHead(result);
          isFirst = false;
        }
        print(row, result);
      }
    } finally {
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }

  private static List<Row> rows(Alcedo alcedo, Path model, Path mmproj, Path folder) {
    Path wideModel = quantize(alcedo, model, "F16", folder);
    Path wideMmproj = quantize(alcedo, mmproj, "F16", folder);
    Path narrowModel = quantize(alcedo, model, "Q4_0", folder);
    ModelOptions wide = ModelOptions.of(wideModel).withMmproj(wideMmproj).withImage(RELAXED);
    ModelOptions shipped = ModelOptions.of(model).withMmproj(mmproj).withImage(RELAXED);
    ModelOptions paper =
        ModelOptions.of(narrowModel).withMmproj(mmproj).withKvType(DType.Q8_0).withImage(RELAXED);
    String eight = "W8";
    List<Row> rows = new ArrayList<>();
    rows.add(new Row("F16", "relaxed", wide));
    rows.add(new Row(eight, "relaxed", shipped));
    rows.add(new Row("W4/W8/KV8", "relaxed", paper));
    rows.add(new Row(eight, "llava-next", shipped.withImage(RELAXED.rule(TileRule.LLAVA_NEXT))));
    rows.add(new Row(eight, "internvl", shipped.withImage(RELAXED.rule(TileRule.INTERNVL))));
    rows.add(new Row(eight, "overview only", shipped.withImage(RELAXED.tiled(false))));
    return rows;
  }

  private static Path quantize(Alcedo alcedo, Path file, String type, Path folder) {
    Path output = folder.resolve(type + "-" + file.getFileName());
    var options =
        new QuantizeOptions(
            file, output, Optional.of(type), Optional.empty(), List.of(), false, true, false, 0);
    alcedo.quantize(options, Progress.NONE, new Cancellation());
    return output;
  }

  private static Result measure(Alcedo alcedo, Row row, List<Evaluate.Question> questions)
      throws IOException {
    var result = new Result();
    try (Model model = alcedo.load(row.options(), Progress.NONE);
        Session session = model.openSession()) {
      // What Java compiles first is no row's own.
      for (Evaluate.Question question : questions.subList(0, Math.min(30, questions.size()))) {
        Evaluate.answer(model, session, question);
      }
    }
    try (Model model = alcedo.load(row.options(), Progress.NONE);
        Session session = model.openSession()) {
      for (Evaluate.Question question : questions) {
        result.add(question, Evaluate.answer(model, session, question));
      }
    }
    return result;
  }

  private static void printHead(Result result) {
    System.out.print("| preset | rule |");
    result.scores.forEach((kind, score) -> System.out.printf(" %s (%d) |", kind, score.total()));
    System.out.println(" tiles | image tokens | ms to encode | ms to first token |");
    System.out.println("|---|---|" + "---|".repeat(result.scores.size() + 4));
  }

  private static void print(Row row, Result result) {
    System.out.printf("| %s | %s |", row.preset(), row.rule());
    result.scores.values().forEach(score -> System.out.printf(" %.1f %% |", score.percent()));
    System.out.printf(
        " %.2f | %.1f | %.1f | %.1f |%n",
        (double) result.tiles / result.pictures,
        (double) result.tokens / result.pictures,
        1e3 * result.encodeSeconds / result.pictures,
        1e3 * result.firstTokenSeconds / result.pictures);
  }
}
