// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ImageOptions;
import dev.alcedo.runtime.api.ImageOptions.TileRule;
import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.tile.GridRule;
import dev.alcedo.vision.pipeline.internal.tile.TileCutter;
import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import dev.alcedo.vision.pipeline.internal.tile.TileLayout;
import dev.alcedo.vision.pipeline.internal.tower.ClipNames;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// BlueLM-V-3B's tiles: the overview first, then the grid row by row, all image tokens in one run
/// between two markers. A 1:1 grid is one padded tile without overview; so is every picture when
/// tiling is off. Where the paper is silent (order, padding, markers), the README of this module
/// decides.
///
/// @param rule picks the grid
/// @param others what the other rules would pick
/// @param cutter cuts the tiles
/// @param begin marker before the image tokens, may be empty
/// @param end marker after the image tokens, may be empty
record BluelmvTilePlan(
    GridRule rule, Map<TileRule, GridRule> others, TileCutter cutter, String begin, String end)
    implements TilePlan {
  private static final int GRID_SIDE_DEFAULT = 3;
  private static final float ALPHA_DEFAULT = 0.1f;
  private static final int[] PAD_COLOUR_DEFAULT = {127, 127, 127};

  /// Reads and checks the keys; options go before the model's own.
  ///
  /// @param tileCountMax tiles of a picture at most, overview included; grids of more are not tried
  /// @throws ModelFormatException naming file, key, expected and got
  static BluelmvTilePlan of(
      Metadata mmproj, int imageSize, ImageOptions options, int tileCountMax) {
    int colsMax = mmproj.integer(ClipNames.GRID_COLS_MAX, 1, TileGrid.SIDE_MAX, GRID_SIDE_DEFAULT);
    int rowsMax = mmproj.integer(ClipNames.GRID_ROWS_MAX, 1, TileGrid.SIDE_MAX, GRID_SIDE_DEFAULT);
    if (!options.gridMax().isOfModel()) {
      colsMax = options.gridMax().cols();
      rowsMax = options.gridMax().rows();
    }
    int gridTilesMax = Math.max(1, tileCountMax - 1); // the overview is one
    double alpha = alpha(mmproj, options);
    Map<TileRule, GridRule> rules = new EnumMap<>(TileRule.class);
    for (TileRule name : TileRule.values()) {
      rules.put(name, GridRule.of(name, colsMax, rowsMax, gridTilesMax, imageSize, alpha));
    }
    GridRule rule = options.isTiled() ? rules.remove(options.rule()) : (_, _) -> TileGrid.SINGLE;
    return new BluelmvTilePlan(
        rule,
        Map.copyOf(rules),
        new TileCutter(imageSize, padColour(mmproj)),
        mmproj.string(ClipNames.IMAGE_BEGIN, ""),
        mmproj.string(ClipNames.IMAGE_END, ""));
  }

  @Override
  public TileLayout layout(int width, int height) {
    return TileLayout.of(rule.choose(width, height));
  }

  @Override
  public Map<TileRule, TileLayout> otherLayouts(int width, int height) {
    Map<TileRule, TileLayout> layouts = new EnumMap<>(TileRule.class);
    others.forEach((name, other) -> layouts.put(name, TileLayout.of(other.choose(width, height))));
    return layouts;
  }

  @Override
  public List<Bitmap> cut(Bitmap picture, TileLayout layout) {
    return cutter.cut(picture, layout);
  }

  @Override
  public List<ImageTokens.Part> parts(TileLayout layout, int tokensPerTile) {
    var parts = new ArrayList<ImageTokens.Part>();
    if (!begin.isEmpty()) {
      parts.add(new ImageTokens.Part.Marker(begin));
    }
    parts.add(new ImageTokens.Part.Span(0, layout.tileCount() * tokensPerTile));
    if (!end.isEmpty()) {
      parts.add(new ImageTokens.Part.Marker(end));
    }
    return parts;
  }

  /// In double, through decimals: both sources hold 0.1 as a float, which is a little more.
  private static double alpha(Metadata mmproj, ImageOptions options) {
    if (options.alpha() != ImageOptions.ALPHA_OF_MODEL) {
      return decimal(options.alpha());
    }
    float alpha = mmproj.number(ClipNames.ASPECT_ALPHA, ALPHA_DEFAULT);
    if (alpha < 0 || alpha > 1) {
      throw wrong(mmproj, ClipNames.ASPECT_ALPHA, "0 to 1", alpha);
    }
    return decimal(alpha);
  }

  private static double decimal(float value) {
    return Double.parseDouble(Float.toString(value));
  }

  private static int[] padColour(Metadata mmproj) {
    if (!mmproj.has(ClipNames.PAD_COLOR)) {
      return PAD_COLOUR_DEFAULT;
    }
    int[] colour = mmproj.integers(ClipNames.PAD_COLOR);
    if (colour.length != 3) {
      throw wrong(mmproj, ClipNames.PAD_COLOR, "3 integers", colour.length);
    }
    for (int channel : colour) {
      if (channel < 0 || channel > 255) {
        throw wrong(mmproj, ClipNames.PAD_COLOR, "0 to 255", channel);
      }
    }
    return colour;
  }

  private static ModelFormatException wrong(
      Metadata mmproj, String key, String expected, Object got) {
    return new ModelFormatException(
        "%s: metadata key '%s': expected %s, got %s"
            .formatted(mmproj.source(), key, expected, got));
  }
}
