// SPDX-License-Identifier: Apache-2.0

/// From image bytes to image tokens: decoding, tiling, vision towers and projectors.
///
/// @provides dev.alcedo.runtime.api.spi.EncoderProvider one for each projector type
module dev.alcedo.vision.pipeline {
  requires transitive dev.alcedo.runtime.api;
  requires java.desktop;
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.alcedo.vision.pipeline;

  provides dev.alcedo.runtime.api.spi.EncoderProvider with
      dev.alcedo.vision.pipeline.internal.encoder.BluelmvEncoderProvider,
      dev.alcedo.vision.pipeline.internal.encoder.Gemma3EncoderProvider,
      dev.alcedo.vision.pipeline.internal.encoder.Idefics3EncoderProvider,
      dev.alcedo.vision.pipeline.internal.encoder.InternVlEncoderProvider,
      dev.alcedo.vision.pipeline.internal.encoder.LlavaEncoderProvider,
      dev.alcedo.vision.pipeline.internal.encoder.Qwen2VlEncoderProvider,
      dev.alcedo.vision.pipeline.internal.encoder.Qwen25VlEncoderProvider,
      dev.alcedo.vision.pipeline.internal.encoder.ResamplerEncoderProvider;
}
