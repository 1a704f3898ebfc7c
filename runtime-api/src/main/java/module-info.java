// SPDX-License-Identifier: Apache-2.0

/// What a user of the library holds, the four service-provider interfaces, and the core between
/// them: model files, tokenizers, model families, plans and sessions.
///
/// @uses dev.alcedo.runtime.api.spi.BackendProvider compute devices
/// @uses dev.alcedo.runtime.api.spi.TokenizerProvider text to token ids and back
/// @uses dev.alcedo.runtime.api.spi.EncoderProvider images to image tokens
/// @uses dev.alcedo.runtime.api.spi.SchedulerProvider which steps run next and together
module dev.alcedo.runtime.api {
  requires jdk.jfr;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports dev.alcedo.runtime.api;
  exports dev.alcedo.runtime.api.graph;
  exports dev.alcedo.runtime.api.spi;
  exports dev.alcedo.runtime.api.tensor;

  uses dev.alcedo.runtime.api.spi.BackendProvider;
  uses dev.alcedo.runtime.api.spi.EncoderProvider;
  uses dev.alcedo.runtime.api.spi.SchedulerProvider;
  uses dev.alcedo.runtime.api.spi.TokenizerProvider;

  provides dev.alcedo.runtime.api.spi.SchedulerProvider with
      dev.alcedo.runtime.api.internal.session.ChunkedScheduler,
      dev.alcedo.runtime.api.internal.session.PipelinedScheduler,
      dev.alcedo.runtime.api.internal.session.SequentialScheduler;
  provides dev.alcedo.runtime.api.spi.TokenizerProvider with
      dev.alcedo.runtime.api.internal.tokenizer.BpeTokenizerProvider,
      dev.alcedo.runtime.api.internal.tokenizer.SpmTokenizerProvider,
      dev.alcedo.runtime.api.internal.tokenizer.UgmTokenizerProvider,
      dev.alcedo.runtime.api.internal.tokenizer.WpmTokenizerProvider;
}
