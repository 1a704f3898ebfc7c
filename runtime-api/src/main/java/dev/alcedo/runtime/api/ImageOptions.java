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
/// @param gridSideMax tiles along a side at most, 1 to 16, in place of the model's own limit; 0
///   leaves it to the model
/// @param isTiled whether large pictures are cut into tiles; else the whole is one tile
/// @param tileBatchMax tiles that the vision tower takes at once at most
/// @param tokensMax image tokens of a picture at most: the best grid within it is taken, and what
///   cannot be made to fit is refused; 0 sets no limit
public record ImageOptions(
    long bytesMax,
    long pixelsMax,
    int sideMax,
    TileRule rule,
    float alpha,
    int gridSideMax,
    boolean isTiled,
    int tileBatchMax,
    int tokensMax) {
  /// For `alpha`: the model's own threshold, 0.1 where it has none.
  public static final float ALPHA_OF_MODEL = -1;

  /// 32 MiB, 64 megapixels, 16384 pixels a side, the relaxed rule with the model's alpha, batches
  /// of 4, as many image tokens as the model makes.
  public static final ImageOptions DEFAULTS =
      new ImageOptions(
          32L << 20, 64_000_000, 16_384, TileRule.RELAXED, ALPHA_OF_MODEL, 0, true, 4, 0);

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
        gridSideMax >= 0 && gridSideMax <= 16, "gridSideMax: expected 0 to 16, got " + gridSideMax);
    require(
        tileBatchMax >= 1 && tileBatchMax <= 64,
        "tileBatchMax: expected 1 to 64, got " + tileBatchMax);
    require(tokensMax >= 0, "tokensMax: expected 0 or more, got " + tokensMax);
  }

  /// These options with tiling on or off.
  public ImageOptions tiled(boolean isOn) {
    return new ImageOptions(
        bytesMax, pixelsMax, sideMax, rule, alpha, gridSideMax, isOn, tileBatchMax, tokensMax);
  }

  /// These options with another rule.
  public ImageOptions rule(TileRule other) {
    return new ImageOptions(
        bytesMax, pixelsMax, sideMax, other, alpha, gridSideMax, isTiled, tileBatchMax, tokensMax);
  }

  /// These options with another threshold of the relaxed rule.
  public ImageOptions alpha(float threshold) {
    return new ImageOptions(
        bytesMax,
        pixelsMax,
        sideMax,
        rule,
        threshold,
        gridSideMax,
        isTiled,
        tileBatchMax,
        tokensMax);
  }

  /// These options with batches of at most `tiles` tiles.
  public ImageOptions tileBatchMax(int tiles) {
    return new ImageOptions(
        bytesMax, pixelsMax, sideMax, rule, alpha, gridSideMax, isTiled, tiles, tokensMax);
  }

  /// These options with at most `tokens` image tokens a picture; 0 for any number.
  public ImageOptions tokensMax(int tokens) {
    return new ImageOptions(
        bytesMax, pixelsMax, sideMax, rule, alpha, gridSideMax, isTiled, tileBatchMax, tokens);
  }

  /// These options with at most `tiles` tiles along a side; 0 leaves it to the model.
  public ImageOptions gridSideMax(int tiles) {
    return new ImageOptions(
        bytesMax, pixelsMax, sideMax, rule, alpha, tiles, isTiled, tileBatchMax, tokensMax);
  }

  private static void require(boolean isTrue, String message) {
    if (!isTrue) {
      throw new InvalidRequestException("image option " + message);
    }
  }
}
