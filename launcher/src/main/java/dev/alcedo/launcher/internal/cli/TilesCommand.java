// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.config.LogSetup;
import dev.alcedo.launcher.internal.config.OutputArguments;
import dev.alcedo.launcher.internal.config.Settings;
import dev.alcedo.launcher.internal.config.TileRuleNames;
import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.vision.pipeline.TileStatistics;
import dev.alcedo.vision.pipeline.TileStatistics.Comparison;
import dev.alcedo.vision.pipeline.TileStatistics.RuleCount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Compares the tiling rules. Needs no model and no engine.
@Command(
    name = "tiles",
    description = {
      "Compares how many tiles the tiling rules make of many picture sizes: those of a",
      "file or a folder, or drawn evenly from 32 to 4096 pixels a side."
    },
    footer = {
      "",
      "A file has a line WIDTH,HEIGHT for each size, or WIDTH,HEIGHT,COUNT for so many of",
      "them; lines that begin with # are skipped. Of a folder, every picture counts.",
      "",
      "Examples:",
      "  alcedo tiles --random 10000 --seed 1",
      "  alcedo tiles --sizes examples/bluelm-v/sizes.csv --grid 4",
      "  alcedo tiles --size 394x390 --size 768x1536"
    })
final class TilesCommand implements Callable<Integer> {
  @Mixin private OutputArguments output = new OutputArguments();

  @Option(
      names = "--random",
      paramLabel = "N",
      defaultValue = "10000",
      description = "How many sizes. Default: ${DEFAULT-VALUE}.")
  private int count;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Equal seeds draw equal sizes. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--sizes",
      paramLabel = "PATH",
      description = "Sizes of a file or a folder instead of random ones.")
  private @Nullable Path sizes;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      description = "Show the grids of one size. May be repeated.")
  private List<String> shown = new ArrayList<>();

  @Option(
      names = "--grid",
      paramLabel = "N",
      defaultValue = "3",
      description = "Tiles along a side at most. Default: ${DEFAULT-VALUE} (BlueLM-V-3B).")
  private int gridSideMax;

  @Option(
      names = "--tile",
      paramLabel = "PIXELS",
      defaultValue = "384",
      description = "A tile's side. Default: ${DEFAULT-VALUE} (BlueLM-V-3B).")
  private int tileSize;

  @Option(
      names = "--alpha",
      paramLabel = "A",
      defaultValue = "0.1",
      description = "The relaxed rule's threshold. Default: ${DEFAULT-VALUE} (BlueLM-V-3B).")
  private double alpha;

  private final CommandContext context;

  TilesCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (Settings.isDebug(output)) {
      LogSetup.showDebug();
    }
    if (!shown.isEmpty()) {
      showSizes();
      return ExitStatus.OK.number();
    }
    TileStatistics statistics =
        compute(
            sizes == null
                ? () -> TileStatistics.randomSizes(count, seed)
                : () -> PictureSizes.of(sizes));
    line(
        "%d sizes%s, tiles of %d pixels, at most %dx%d, alpha %s"
            .formatted(
                statistics.sizeCount(),
                sizes == null ? " from seed " + seed : "",
                tileSize,
                gridSideMax,
                gridSideMax,
                alpha));
    line("");
    line("%-12s %10s %14s %16s".formatted("rule", "tiles", "with overview", "tiles/picture"));
    statistics.rules().forEach(this::show);
    line("");
    line("%-12s %-12s %8s %8s %8s".formatted("rule", "against", "fewer", "equal", "more"));
    statistics.comparisons().forEach(this::show);
    return ExitStatus.OK.number();
  }

  private TileStatistics compute(Supplier<List<TileStatistics.Size>> from) {
    try {
      return TileStatistics.of(from.get(), gridSideMax, tileSize, alpha);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(String.valueOf(e.getMessage()), e);
    }
  }

  /// The grid that each rule gives each size.
  private void showSizes() {
    line("%-12s %12s %12s %12s".formatted("size", "relaxed", "llava-next", "internvl"));
    for (String text : shown) {
      TileStatistics one = compute(() -> List.of(PictureSizes.parse("--size", text, "x")));
      Map<ImageOptions.TileRule, String> grids = new EnumMap<>(ImageOptions.TileRule.class);
      one.rules().forEach(r -> grids.put(r.rule(), r.pictureCounts().keySet().iterator().next()));
      line(
          "%-12s %12s %12s %12s"
              .formatted(
                  text,
                  grids.get(ImageOptions.TileRule.RELAXED),
                  grids.get(ImageOptions.TileRule.LLAVA_NEXT),
                  grids.get(ImageOptions.TileRule.INTERNVL)));
    }
  }

  private void show(RuleCount rule) {
    line(
        "%-12s %10d %14d %16.3f"
            .formatted(
                TileRuleNames.of(rule.rule()),
                rule.gridTileCount(),
                rule.tileCount(),
                (double) rule.gridTileCount() / pictures(rule)));
  }

  private static int pictures(RuleCount rule) {
    return rule.pictureCounts().values().stream().mapToInt(n -> n).sum();
  }

  private void show(Comparison c) {
    line(
        "%-12s %-12s %8d %8d %8d"
            .formatted(
                TileRuleNames.of(c.rule()),
                TileRuleNames.of(c.other()),
                c.smallerCount(),
                c.equalCount(),
                c.largerCount()));
  }

  private void line(String text) {
    context.console().println(text);
  }
}
