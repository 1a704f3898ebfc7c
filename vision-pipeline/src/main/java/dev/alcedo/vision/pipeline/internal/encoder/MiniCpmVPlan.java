// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.grid.GridLayout;
import dev.alcedo.vision.pipeline.internal.grid.PixelSize;
import dev.alcedo.vision.pipeline.internal.grid.SliceRule;
import dev.alcedo.vision.pipeline.internal.resize.Filter;
import dev.alcedo.vision.pipeline.internal.resize.Fitting;
import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import java.util.ArrayList;
import java.util.List;

/// MiniCPM-V's pictures: the whole, stretched to its size; then, for large ones, tiles of the
/// picture padded to theirs, row by row, a line break between rows. Markers are single tokens.
///
/// @param rule picks the sizes
/// @param style which markers
/// @param isTiled whether large pictures get tiles
record MiniCpmVPlan(SliceRule rule, Style style, boolean isTiled) implements GridPlan {
  private static final Fitting WHOLE = Fitting.stretched(Filter.BICUBIC);
  private static final Fitting TILES = Fitting.padded(Filter.BICUBIC, 0, 0, 0);
  private static final ImageTokens.Part IMAGE_BEGIN = new ImageTokens.Part.Piece("<image>");
  private static final ImageTokens.Part IMAGE_END = new ImageTokens.Part.Piece("</image>");
  private static final ImageTokens.Part SLICE_BEGIN = new ImageTokens.Part.Piece("<slice>");
  private static final ImageTokens.Part SLICE_END = new ImageTokens.Part.Piece("</slice>");
  private static final ImageTokens.Part ROW_END = new ImageTokens.Part.Piece("\n");

  /// How tiles are marked.
  enum Style {
    /// MiniCPM-V 2.5: all between one pair of slice markers, each in image markers.
    ONE_SLICE,
    /// MiniCPM-V 2.6 and later: each in slice markers.
    SLICES
  }

  @Override
  public GridLayout layout(int width, int height) {
    return isTiled ? rule.choose(width, height) : rule.whole(width, height);
  }

  @Override
  public List<Bitmap> cut(Bitmap picture, GridLayout layout) {
    var pictures = new ArrayList<Bitmap>();
    PixelSize whole = layout.whole();
    pictures.add(WHOLE.fit(picture, whole.width(), whole.height()));
    layout.tiles().ifPresent(tiles -> addTiles(picture, tiles, pictures));
    return pictures;
  }

  private static void addTiles(Bitmap picture, GridLayout.Tiles tiles, List<Bitmap> pictures) {
    PixelSize canvas = tiles.canvas();
    PixelSize size = tiles.size();
    Bitmap fitted = TILES.fit(picture, canvas.width(), canvas.height());
    for (int row = 0; row < tiles.grid().rows(); row++) {
      for (int col = 0; col < tiles.grid().cols(); col++) {
        pictures.add(
            fitted.part(col * size.width(), row * size.height(), size.width(), size.height()));
      }
    }
  }

  @Override
  public List<ImageTokens.Part> parts(GridLayout layout, List<Integer> tokenCounts) {
    var parts = new ArrayList<ImageTokens.Part>();
    int count = tokenCounts.getFirst();
    addSpan(parts, IMAGE_BEGIN, 0, count, IMAGE_END);
    layout.tiles().ifPresent(tiles -> addTiles(parts, tiles.grid(), count));
    return parts;
  }

  private void addTiles(List<ImageTokens.Part> parts, TileGrid grid, int count) {
    boolean isOne = style == Style.ONE_SLICE;
    if (isOne) {
      parts.add(SLICE_BEGIN);
    }
    for (int i = 0; i < grid.tileCount(); i++) {
      if (i > 0 && i % grid.cols() == 0) {
        parts.add(ROW_END);
      }
      int start = (i + 1) * count;
      if (isOne) {
        addSpan(parts, IMAGE_BEGIN, start, count, IMAGE_END);
      } else {
        addSpan(parts, SLICE_BEGIN, start, count, SLICE_END);
      }
    }
    if (isOne) {
      parts.add(SLICE_END);
    }
  }

  private static void addSpan(
      List<ImageTokens.Part> parts,
      ImageTokens.Part begin,
      int start,
      int count,
      ImageTokens.Part end) {
    parts.add(begin);
    parts.add(new ImageTokens.Part.Span(start, count));
    parts.add(end);
  }

  @Override
  public String describe() {
    return "tiles of %dx%d pixels in area, at most %d"
        .formatted(rule.scale(), rule.scale(), isTiled ? rule.tileCountMax() : 0);
  }
}
