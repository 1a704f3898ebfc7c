// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.config.TileRuleNames;
import dev.alcedo.launcher.internal.message.GenerationSpec;
import dev.alcedo.launcher.internal.message.StreamEvent;
import dev.alcedo.runtime.api.ImageOptions.TileRule;
import dev.alcedo.runtime.api.Statistics;
import dev.alcedo.runtime.api.spi.ImageReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What an answer took, as lines for people.
final class StatisticsText {
  private StatisticsText() {}

  /// One line for each stage.
  static List<String> lines(StreamEvent.Done done, GenerationSpec options) {
    Statistics s = done.statistics();
    Float temperature = options.temperature();
    Long seed = options.seed();
    var lines = new ArrayList<String>();
    lines.add(line("first token", "%.3f s".formatted(seconds(s.timeToFirstToken()))));
    if (!done.images().isEmpty()) {
      lines.add(line("pictures", pictures(s, done.images())));
      String others = otherRules(done.images());
      if (!others.isEmpty()) {
        lines.add(line("other rules", others));
      }
    }
    lines.add(
        line(
            "prefill",
            "%d tokens in %.3f s (%.1f tokens/s), %d more were known"
                .formatted(
                    s.promptTokenCount() - s.reusedTokenCount(),
                    seconds(s.prefillTime()),
                    s.prefillRate(),
                    s.reusedTokenCount())));
    lines.add(
        line(
            "decode",
            "%d tokens, those after the first in %.3f s (%.1f tokens/s), ended by %s"
                .formatted(
                    s.generatedTokenCount(),
                    seconds(s.decodeTime()),
                    s.decodeRate(),
                    done.reason().name().toLowerCase(Locale.ROOT))));
    lines.add(line("peak memory", "%d MiB".formatted(done.peakMemoryBytes() >> 20)));
    if (temperature != null && temperature > 0 && seed != null) {
      lines.add(line("seed", seed.toString()));
    }
    return lines;
  }

  private static String pictures(Statistics s, List<ImageReport> images) {
    int tiles = images.stream().mapToInt(ImageReport::tileCount).sum();
    double prepare = images.stream().mapToDouble(i -> seconds(i.prepareTime())).sum();
    double encode = images.stream().mapToDouble(i -> seconds(i.encodeTime())).sum();
    return "%d with %d tiles, %d image tokens; prepared in %.3f s, encoded in %.3f s (%.1f tiles/s)%s"
        .formatted(
            images.size(),
            tiles,
            s.imageTokenCount(),
            prepare,
            encode,
            encode > 0 ? tiles / encode : 0,
            s.tileCount() < tiles ? "; %d tiles were known".formatted(tiles - s.tileCount()) : "");
  }

  /// What rules that were not asked for would have cost, all pictures together.
  private static String otherRules(List<ImageReport> images) {
    Map<TileRule, int[]> sums = new EnumMap<>(TileRule.class);
    for (ImageReport image : images) {
      for (ImageReport.OtherRule other : image.otherRules()) {
        int[] sum = sums.computeIfAbsent(other.rule(), _ -> new int[2]);
        sum[0] += other.tileCount();
        sum[1] += other.tokenCount();
      }
    }
    return sums.entrySet().stream()
        .map(e ->
            "%s: %d tiles, %d image tokens"
                .formatted(TileRuleNames.of(e.getKey()), e.getValue()[0], e.getValue()[1]))
        .collect(Collectors.joining("; "));
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  private static String line(String name, String value) {
    return "%-12s %s".formatted(name, value);
  }
}
