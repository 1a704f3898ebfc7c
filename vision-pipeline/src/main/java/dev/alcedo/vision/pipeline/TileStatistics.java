// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline;

import dev.alcedo.runtime.api.ImageOptions.TileRule;
import dev.alcedo.vision.pipeline.internal.tile.GridRule;
import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import dev.alcedo.vision.pipeline.internal.tile.TileLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// How the tiling rules compare on many picture sizes (BlueLM-V-3B, section on relaxed aspect-ratio
/// matching). Immutable; any thread.
///
/// @param sizeCount sizes compared
/// @param gridSideMax tiles along a side at most; InternVL's rule may use its square in any shape
/// @param tileSize pixels of a tile's side
/// @param alpha the relaxed rule's threshold
/// @param rules what each rule did
/// @param comparisons each rule against each other one
public record TileStatistics(
    int sizeCount,
    int gridSideMax,
    int tileSize,
    double alpha,
    List<RuleCount> rules,
    List<Comparison> comparisons) {
  /// Sides of random pictures, in pixels.
  public static final int RANDOM_SIDE_MIN = 32;

  /// Sides of random pictures, in pixels.
  public static final int RANDOM_SIDE_MAX = 4096;

  /// Copies the lists.
  public TileStatistics {
    rules = List.copyOf(rules);
    comparisons = List.copyOf(comparisons);
  }

  /// A picture's size in pixels.
  ///
  /// @param width at least 1
  /// @param height at least 1
  public record Size(int width, int height) {
    /// Checks the range.
    ///
    /// @throws IllegalArgumentException if a side is below 1
    public Size {
      if (width < 1 || height < 1) {
        throw new IllegalArgumentException(
            "picture size: expected at least 1x1, got %dx%d".formatted(width, height));
      }
    }
  }

  /// What one rule did.
  ///
  /// @param rule which
  /// @param gridTileCount tiles of the chosen grids in all
  /// @param tileCount the same with the overviews: what a vision tower has to encode
  /// @param pictureCounts pictures for each grid, by name (`2:3` is two across, three down)
  public record RuleCount(
      TileRule rule, long gridTileCount, long tileCount, Map<String, Integer> pictureCounts) {
    /// Copies the map, in order of grids.
    public RuleCount {
      pictureCounts = Collections.unmodifiableMap(new TreeMap<>(pictureCounts));
    }
  }

  /// One rule against another: for how many pictures its grid has fewer, as many and more tiles.
  public record Comparison(
      TileRule rule, TileRule other, int smallerCount, int equalCount, int largerCount) {}

  /// Runs all rules over `sizes`.
  ///
  /// @param gridSideMax 1 to 16
  /// @param tileSize pixels, 1 to 4096
  /// @param alpha 0 to 1
  /// @throws IllegalArgumentException if a number is out of range
  public static TileStatistics of(List<Size> sizes, int gridSideMax, int tileSize, double alpha) {
    require(gridSideMax >= 1 && gridSideMax <= TileGrid.SIDE_MAX, "gridSideMax", gridSideMax);
    require(tileSize >= 1 && tileSize <= 4096, "tileSize", tileSize);
    require(alpha >= 0 && alpha <= 1, "alpha", alpha);
    var chosen = new EnumMap<TileRule, List<TileGrid>>(TileRule.class);
    var counts = new ArrayList<RuleCount>();
    for (TileRule rule : TileRule.values()) {
      GridRule chooser =
          GridRule.of(rule, gridSideMax, gridSideMax, gridSideMax * gridSideMax, tileSize, alpha);
      List<TileGrid> grids =
          sizes.stream().map(size -> chooser.choose(size.width(), size.height())).toList();
      chosen.put(rule, grids);
      counts.add(count(rule, grids));
    }
    return new TileStatistics(
        sizes.size(), gridSideMax, tileSize, alpha, counts, comparisons(chosen));
  }

  /// `count` sizes drawn from `seed`, both sides uniform from [#RANDOM_SIDE_MIN] to
  /// [#RANDOM_SIDE_MAX].
  ///
  /// @throws IllegalArgumentException if `count` is not 1 to 10,000,000
  public static List<Size> randomSizes(int count, long seed) {
    require(count >= 1 && count <= 10_000_000, "count", count);
    var random = new SplittableRandom(seed);
    var sizes = new ArrayList<Size>(count);
    for (int i = 0; i < count; i++) {
      int width = random.nextInt(RANDOM_SIDE_MIN, RANDOM_SIDE_MAX + 1);
      sizes.add(new Size(width, random.nextInt(RANDOM_SIDE_MIN, RANDOM_SIDE_MAX + 1)));
    }
    return sizes;
  }

  private static RuleCount count(TileRule rule, List<TileGrid> grids) {
    var pictureCounts = new TreeMap<String, Integer>();
    long gridTileCount = 0;
    long tileCount = 0;
    for (TileGrid grid : grids) {
      pictureCounts.merge(grid.toString(), 1, Integer::sum);
      gridTileCount += grid.tileCount();
      tileCount += TileLayout.of(grid).tileCount();
    }
    return new RuleCount(rule, gridTileCount, tileCount, pictureCounts);
  }

  private static List<Comparison> comparisons(Map<TileRule, List<TileGrid>> chosen) {
    var comparisons = new ArrayList<Comparison>();
    for (TileRule rule : TileRule.values()) {
      for (TileRule other : TileRule.values()) {
        if (rule != other) {
          comparisons.add(compare(rule, chosen.get(rule), other, chosen.get(other)));
        }
      }
    }
    return comparisons;
  }

  private static Comparison compare(
      TileRule rule, List<TileGrid> grids, TileRule other, List<TileGrid> others) {
    int smaller = 0;
    int larger = 0;
    for (int i = 0; i < grids.size(); i++) {
      int difference = grids.get(i).tileCount() - others.get(i).tileCount();
      smaller += difference < 0 ? 1 : 0;
      larger += difference > 0 ? 1 : 0;
    }
    return new Comparison(rule, other, smaller, grids.size() - smaller - larger, larger);
  }

  private static void require(boolean isInRange, String name, Number got) {
    if (!isInRange) {
      throw new IllegalArgumentException(
          "tile statistics: %s is out of range: %s".formatted(name, got));
    }
  }
}
