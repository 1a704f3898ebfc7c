// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import java.time.Duration;

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
public record ImageReport(
    int width,
    int height,
    int gridCols,
    int gridRows,
    boolean hasOverview,
    int tileCount,
    int tokenCount,
    Duration prepareTime,
    Duration encodeTime) {}
