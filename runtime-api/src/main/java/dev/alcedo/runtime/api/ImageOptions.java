// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

/// How pictures are limited and tiled.
///
/// @param bytesMax bytes of an encoded picture at most
/// @param pixelsMax pixels of a decoded picture at most
/// @param sideMax pixels of a side at most
/// @param rule how the tile grid is chosen, for models that tile by aspect ratio
/// @param alpha the relaxed rule's threshold, 0 to 1 (BlueLM-V-3B, algorithm 1: 0.1);
///   [#ALPHA_OF_MODEL] leaves it to the model
/// @param gridMax the largest tile grid, in place of the model's own; [GridMax#OF_MODEL] leaves it
///   to the model
/// @param isTiled whether large pictures are cut into tiles; else the whole is one tile
/// @param tileBatchMax tiles that the vision tower takes at once at most; [#TILE_BATCH_MEASURED]
///   for what is quickest here
/// @param tokensMax image tokens of a picture at most: the best grid within it is taken, and what
///   cannot be made to fit is refused; 0 sets no limit
public record ImageOptions(
    long bytesMax,
    long pixelsMax,
    int sideMax,
    TileRule rule,
    float alpha,
    GridMax gridMax,
    boolean isTiled,
    int tileBatchMax,
    int tokensMax) {
  /// For `alpha`: the model's own threshold, 0.1 where it has none.
  public static final float ALPHA_OF_MODEL = -1;

  /// For `tileBatchMax`: measured once on each device and remembered, if there is a folder for
  /// that.
  public static final int TILE_BATCH_MEASURED = 0;

  /// 32 MiB, 64 megapixels, 16384 pixels a side, the relaxed rule with the model's alpha, batches
  /// of 4, as many image tokens as the model makes.
  public static final ImageOptions DEFAULTS =
      new ImageOptions(
          32L << 20,
          64_000_000,
          16_384,
          TileRule.RELAXED,
          ALPHA_OF_MODEL,
          GridMax.OF_MODEL,
          true,
          4,
          0);

  /// The largest tile grid of a picture. Models whose rule has one limit for both sides take the
  /// smaller.
  ///
  /// @param cols tiles across at most, 1 to 16
  /// @param rows tiles down at most, 1 to 16
  public record GridMax(int cols, int rows) {
    /// The model's own limit.
    public static final GridMax OF_MODEL = new GridMax(0, 0);

    /// Checks the range.
    ///
    /// @throws InvalidRequestException if a side is out of range
    public GridMax {
      boolean isOfModel = cols == 0 && rows == 0;
      require(
          isOfModel || Math.min(cols, rows) >= 1 && Math.max(cols, rows) <= 16,
          "gridMax: expected 1 to 16 tiles a side, got %dx%d".formatted(cols, rows));
    }

    /// Whether the model's own limit holds.
    public boolean isOfModel() {
      return cols == 0;
    }

    /// Tiles along either side at most; 0 leaves it to the model.
    public int side() {
      return Math.min(cols, rows);
    }
  }

  /// Which rule picks a tile grid.
  public enum TileRule {
    /// BlueLM-V-3B's relaxed aspect-ratio matching.
    RELAXED,
    /// LLaVA-NeXT: most effective pixels, then least waste.
    LLAVA_NEXT,
    /// InternVL 1.5: nearest aspect ratio.
    INTERNVL
  }

  /// Checks ranges.
  ///
  /// @throws InvalidRequestException naming the option that is out of range
  public ImageOptions {
    require(bytesMax > 0, "bytesMax: expected at least 1, got " + bytesMax);
    require(pixelsMax > 0, "pixelsMax: expected at least 1, got " + pixelsMax);
    require(sideMax > 0, "sideMax: expected at least 1, got " + sideMax);
    require(
        alpha == ALPHA_OF_MODEL || alpha >= 0 && alpha <= 1,
        "alpha: expected 0 to 1, got " + alpha);
    require(
        tileBatchMax >= TILE_BATCH_MEASURED && tileBatchMax <= 64,
        "tileBatchMax: expected 0 (measured) to 64, got " + tileBatchMax);
    require(tokensMax >= 0, "tokensMax: expected 0 or more, got " + tokensMax);
  }

  /// These options with tiling on or off.
  public ImageOptions tiled(boolean isOn) {
    return new ImageOptions(
        bytesMax, pixelsMax, sideMax, rule, alpha, gridMax, isOn, tileBatchMax, tokensMax);
  }

  /// These options with another rule.
  public ImageOptions rule(TileRule other) {
    return new ImageOptions(
        bytesMax, pixelsMax, sideMax, other, alpha, gridMax, isTiled, tileBatchMax, tokensMax);
  }

  /// These options with another threshold of the relaxed rule.
  public ImageOptions alpha(float threshold) {
    return new ImageOptions(
        bytesMax, pixelsMax, sideMax, rule, threshold, gridMax, isTiled, tileBatchMax, tokensMax);
  }

  /// These options with batches of at most `tiles` tiles.
  public ImageOptions tileBatchMax(int tiles) {
    return new ImageOptions(
        bytesMax, pixelsMax, sideMax, rule, alpha, gridMax, isTiled, tiles, tokensMax);
  }

  /// These options with at most `tokens` image tokens a picture; 0 for any number.
  public ImageOptions tokensMax(int tokens) {
    return new ImageOptions(
        bytesMax, pixelsMax, sideMax, rule, alpha, gridMax, isTiled, tileBatchMax, tokens);
  }

  /// These options with at most `tiles` tiles along a side; 0 leaves it to the model.
  public ImageOptions gridSideMax(int tiles) {
    return gridMax(new GridMax(tiles, tiles));
  }

  /// These options with grids of at most that size.
  public ImageOptions gridMax(GridMax max) {
    return new ImageOptions(
        bytesMax, pixelsMax, sideMax, rule, alpha, max, isTiled, tileBatchMax, tokensMax);
  }

  private static void require(boolean isTrue, String message) {
    if (!isTrue) {
      throw new InvalidRequestException("image option " + message);
    }
  }
}
