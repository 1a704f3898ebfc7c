// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.UnsupportedModelException;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.vision.pipeline.internal.tower.ClipNames;
import java.util.List;

/// The projector types that this module encodes for; a new one is a line here, a line in
/// module-info and a provider.
final class KnownProjectors {
  static final String BLUELMV = "bluelmv";

  static final String QWEN2VL = "qwen2vl_merger";
  static final String QWEN25VL = "qwen2.5vl_merger";

  private static final List<String> ALL = List.of(BLUELMV, QWEN2VL, QWEN25VL);
  private static final int LENGTH_MAX = 1 << 16;

  private KnownProjectors() {}

  /// Whether `mmproj` calls for projector `type`.
  static Support supports(Metadata mmproj, String type) {
    if (!mmproj.has(ClipNames.PROJECTOR_TYPE)) {
      return Support.unsupported(
          "no vision tower: metadata key '%s' is missing%s; is this a text model?"
              .formatted(ClipNames.PROJECTOR_TYPE, architecture(mmproj)));
    }
    try {
      String got = mmproj.string(ClipNames.PROJECTOR_TYPE);
      return got.equals(type)
          ? Support.SUPPORTED
          : Support.unsupported("projector '%s'; known: %s".formatted(got, String.join(", ", ALL)));
    } catch (ModelFormatException e) {
      return Support.unsupported(e.getMessage());
    }
  }

  /// Checks that image tokens have as many columns as the text model's embeddings.
  ///
  /// @throws UnsupportedModelException naming both
  static void checkFits(Metadata mmproj, int embeddingLength) {
    int output = mmproj.integer(ClipNames.PROJECTION_DIM, 1, LENGTH_MAX);
    if (output != embeddingLength) {
      throw new UnsupportedModelException(
          "%s: makes image tokens of %d columns, the text model has %d: this mmproj file belongs to another model"
              .formatted(mmproj.source(), output, embeddingLength));
    }
  }

  private static String architecture(Metadata mmproj) {
    try {
      return " (general.architecture is '%s')".formatted(mmproj.architecture());
    } catch (ModelFormatException _) {
      return "";
    }
  }
}
