// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

import java.util.Arrays;
import java.util.Optional;

/// The parts of a model that a device profile can place on backends, one by one.
public enum Stage {
  /// Pixels to patches.
  VISION_PATCH_EMBED("vision.patchEmbed"),
  /// The transformer blocks of the vision tower.
  VISION_BLOCKS("vision.blocks"),
  /// Downsampler and projector.
  VISION_PROJECTOR("vision.projector"),
  /// The decoder's blocks over chunks of a prompt.
  TEXT_PREFILL("text.prefill"),
  /// The decoder's blocks, one position per sequence and step.
  TEXT_DECODE("text.decode"),
  /// Last norm and output matrix.
  TEXT_LOGITS("text.logits");

  private final String id;

  Stage(String id) {
    this.id = id;
  }

  /// The name in profiles and reports.
  public String id() {
    return id;
  }

  /// Whether it is a part of the image encoder.
  public boolean isVision() {
    return this == VISION_PATCH_EMBED || this == VISION_BLOCKS || this == VISION_PROJECTOR;
  }

  /// The stage called `id`, if there is one.
  public static Optional<Stage> ofId(String id) {
    return Arrays.stream(values()).filter(s -> s.id.equals(id)).findFirst();
  }
}
