// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.grid;

import dev.alcedo.vision.pipeline.internal.tile.TileGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a picture becomes: the whole at one size, and perhaps tiles of another.
///
/// @param whole size at which all of it is shown
/// @param tiles its tiles, if it has any
public record GridLayout(PixelSize whole, Optional<Tiles> tiles) {
  /// Tiles of one size.
  ///
  /// @param grid how many
  /// @param size of each
  public record Tiles(TileGrid grid, PixelSize size) {
    /// The size of the picture that is cut into them.
    public PixelSize canvas() {
      return new PixelSize(size.width() * grid.cols(), size.height() * grid.rows());
    }
  }

  /// Without tiles.
  public static GridLayout whole(PixelSize size) {
    return new GridLayout(size, Optional.empty());
  }

  /// Sizes of all that is encoded: the whole first.
  public List<PixelSize> sizes() {
    var sizes = new ArrayList<PixelSize>();
    sizes.add(whole);
    tiles.ifPresent(t -> {
      for (int i = 0; i < t.grid().tileCount(); i++) {
        sizes.add(t.size());
      }
    });
    return sizes;
  }
}
