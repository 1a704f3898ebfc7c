// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline.internal.encoder;

import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.vision.pipeline.internal.decode.Bitmap;
import dev.alcedo.vision.pipeline.internal.grid.GridLayout;
import dev.alcedo.vision.pipeline.internal.grid.SmartResize;
import dev.alcedo.vision.pipeline.internal.resize.Filter;
import dev.alcedo.vision.pipeline.internal.resize.Fitting;
import java.util.List;

/// Qwen2-VL's pictures: the whole at about its own size, one run of image tokens in a grid between
/// two markers. Where rounding the sides changed the aspect ratio, the picture is padded as
/// llama.cpp pads it (the model's own processor stretches it).
///
/// @param rule picks the size
record QwenPlan(SmartResize rule) implements GridPlan {
  private static final Fitting FITTING = Fitting.padded(Filter.BICUBIC, 0, 0, 0);
  private static final ImageTokens.Part BEGIN = new ImageTokens.Part.Marker("<|vision_start|>");
  private static final ImageTokens.Part END = new ImageTokens.Part.Marker("<|vision_end|>");

  @Override
  public GridLayout layout(int width, int height) {
    return GridLayout.whole(rule.choose(width, height));
  }

  @Override
  public List<Bitmap> cut(Bitmap picture, GridLayout layout) {
    int width = layout.whole().width();
    int height = layout.whole().height();
    return List.of(FITTING.fit(picture, width, height));
  }

  @Override
  public List<ImageTokens.Part> parts(GridLayout layout, List<Integer> tokenCounts) {
    int cols = layout.whole().width() / rule.align();
    return List.of(BEGIN, new ImageTokens.Part.Span(0, tokenCounts.getFirst(), cols, false), END);
  }

  @Override
  public String describe() {
    return "pictures of %d to %d pixels".formatted(rule.pixelsMin(), rule.pixelsMax());
  }
}
