// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.examples.java.embedding;

import dev.alcedo.runtime.api.Alcedo;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.ImageOptions.TileRule;
import dev.alcedo.runtime.api.Model;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.Session;
import dev.alcedo.runtime.api.spi.ImageReport;
import dev.alcedo.runtime.api.spi.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Measures weights of several precisions under each tiling rule, and prints a Markdown table of
/// exact matches, image tokens and encoding time a picture: `EvaluateRules FOLDER NAME MODEL MMPROJ
/// ...`, as many triples as there are presets. The folder is [Evaluate]'s.
final class EvaluateRules {
  private EvaluateRules() {}

  /// Prints the table.
  public static void main(String[] args) throws IOException {
    List<Evaluate.Question> questions = Evaluate.read(Path.of(args[0]));
    System.out.println(
        "| preset | rule | one tile | several tiles | image tokens a picture | ms a picture |");
    System.out.println("|---|---|---|---|---|---|");
    try (Alcedo alcedo = Alcedo.open(AlcedoOptions.DEFAULTS)) {
      for (int i = 1; i + 2 < args.length; i += 3) {
        ModelOptions options =
            ModelOptions.of(Path.of(args[i + 1])).withMmproj(Path.of(args[i + 2]));
        for (var rule : rules().entrySet()) {
          measure(alcedo, args[i], rule.getKey(), options.withImage(rule.getValue()), questions);
        }
      }
    }
  }

  private static Map<String, ImageOptions> rules() {
    Map<String, ImageOptions> rules = new LinkedHashMap<>();
    rules.put("relaxed", ImageOptions.DEFAULTS);
    rules.put("llava-next", ImageOptions.DEFAULTS.rule(TileRule.LLAVA_NEXT));
    rules.put("internvl", ImageOptions.DEFAULTS.rule(TileRule.INTERNVL));
    rules.put("overview only", ImageOptions.DEFAULTS.tiled(false));
    return rules;
  }

  private static void measure(
      Alcedo alcedo,
      String preset,
      String rule,
      ModelOptions options,
      List<Evaluate.Question> questions)
      throws IOException {
    int[] right = new int[2];
    int[] total = new int[2];
    Map<Path, ImageReport> pictures = new HashMap<>();
    try (Model model = alcedo.load(options, Progress.NONE);
        Session session = model.openSession()) {
      for (Evaluate.Question question : questions) {
        int group = question.tiles().equals("1:1") ? 0 : 1;
        total[group]++;
        boolean isRight = Evaluate.answer(model, session, question).equals(question.answer());
        right[group] += isRight ? 1 : 0;
        if (!pictures.containsKey(question.picture())) {
          pictures.put(
              question.picture(), model.prepare(Files.readAllBytes(question.picture())).await());
        }
      }
    }
    System.out.printf(
        "| %s | %s | %.1f %% | %.1f %% | %.1f | %.1f |%n",
        preset,
        rule,
        percent(right[0], total[0]),
        percent(right[1], total[1]),
        pictures.values().stream().mapToInt(ImageReport::tokenCount).average().orElse(0),
        pictures.values().stream()
            .mapToDouble(r -> (r.prepareTime().toNanos() + r.encodeTime().toNanos()) / 1e6)
            .average()
            .orElse(0));
  }

  private static double percent(int right, int total) {
    return total == 0 ? 0 : 100.0 * right / total;
  }
}
