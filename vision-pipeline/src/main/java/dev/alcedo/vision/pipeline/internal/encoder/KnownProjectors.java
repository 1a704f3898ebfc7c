// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.spi.Metadata;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.vision.pipeline.internal.tower.ClipNames;
import java.util.List;

/// The projector types that this module encodes for; a new one is a line here, a line in
/// module-info and a provider.
final class KnownProjectors {
  static final String BLUELMV = "bluelmv";
  static final String GEMMA3 = "gemma3";
  static final String IDEFICS3 = "idefics3";
  static final String INTERNVL = "internvl";
  static final String MLP = "mlp";
  static final String QWEN2VL = "qwen2vl_merger";
  static final String QWEN25VL = "qwen2.5vl_merger";
  static final String RESAMPLER = "resampler";

  private static final List<String> ALL =
      List.of(BLUELMV, GEMMA3, IDEFICS3, INTERNVL, MLP, QWEN2VL, QWEN25VL, RESAMPLER);

  private KnownProjectors() {}

  /// Whether `mmproj` calls for projector `type`.
  static Support supports(Metadata mmproj, String type) {
    boolean isPlain = mmproj.has(ClipNames.PROJECTOR_TYPE);
    if (!isPlain && !mmproj.has(ClipNames.VISION_PROJECTOR_TYPE)) {
      return Support.unsupported(
          "no vision tower: metadata key '%s' is missing%s; is this a text model?"
              .formatted(ClipNames.PROJECTOR_TYPE, architecture(mmproj)));
    }
    try {
      String got =
          mmproj.string(isPlain ? ClipNames.PROJECTOR_TYPE : ClipNames.VISION_PROJECTOR_TYPE);
      return got.equals(type)
          ? Support.SUPPORTED
          : Support.unsupported("projector '%s'; known: %s".formatted(got, String.join(", ", ALL)));
    } catch (ModelFormatException e) {
      return Support.unsupported(e.getMessage());
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
