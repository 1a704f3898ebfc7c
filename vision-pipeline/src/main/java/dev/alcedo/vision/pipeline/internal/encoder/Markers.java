// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.ImageTokens;
import java.util.ArrayList;
import java.util.List;

/// Texts before and after all image tokens of a picture.
///
/// @param begin may be empty
/// @param end may be empty
record Markers(String begin, String end) {
  /// Image tokens stand in the text as they are.
  static final Markers NONE = new Markers("", "");

  /// `span` between the markers.
  List<ImageTokens.Part> around(ImageTokens.Part.Span span) {
    var parts = new ArrayList<ImageTokens.Part>(3);
    if (!begin.isEmpty()) {
      parts.add(new ImageTokens.Part.Marker(begin));
    }
    parts.add(span);
    if (!end.isEmpty()) {
      parts.add(new ImageTokens.Part.Marker(end));
    }
    return parts;
  }
}
