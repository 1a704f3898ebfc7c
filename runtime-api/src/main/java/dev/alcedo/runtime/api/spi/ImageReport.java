// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import dev.alcedo.runtime.api.ImageOptions.TileRule;
import java.time.Duration;
import java.util.List;

/// What became of a picture. Durations are zero in a report that precedes encoding.
///
/// @param width of the picture in pixels, orientation applied
/// @param height of the picture in pixels, orientation applied
/// @param gridCols tiles across
/// @param gridRows tiles down
/// @param hasOverview whether the whole picture is encoded besides its tiles
/// @param tileCount tiles encoded, overview included
/// @param tokenCount image tokens
/// @param prepareTime decoding, resizing, cutting
/// @param encodeTime vision tower and projector
/// @param otherRules what the rules that were not asked for would have cost, where a model leaves
///   the choice to the user
public record ImageReport(
    int width,
    int height,
    int gridCols,
    int gridRows,
    boolean hasOverview,
    int tileCount,
    int tokenCount,
    Duration prepareTime,
    Duration encodeTime,
    List<OtherRule> otherRules) {
  /// What another rule would have made of the picture.
  ///
  /// @param rule its name
  /// @param gridCols tiles across
  /// @param gridRows tiles down
  /// @param tileCount tiles to encode, overview included
  /// @param tokenCount image tokens
  public record OtherRule(
      TileRule rule, int gridCols, int gridRows, int tileCount, int tokenCount) {}

  /// Copies the list.
  public ImageReport {
    otherRules = List.copyOf(otherRules);
  }

  /// Where no other rule could have been asked for.
  public ImageReport(
      int width,
      int height,
      int gridCols,
      int gridRows,
      boolean hasOverview,
      int tileCount,
      int tokenCount,
      Duration prepareTime,
      Duration encodeTime) {
    this(
        width,
        height,
        gridCols,
        gridRows,
        hasOverview,
        tileCount,
        tokenCount,
        prepareTime,
        encodeTime,
        List.of());
  }
}
