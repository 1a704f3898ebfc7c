// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.ModelInfo;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.internal.family.TextModel;
import dev.alcedo.runtime.api.internal.template.ChatTemplate;
import dev.alcedo.runtime.api.spi.Encoder;
import dev.alcedo.runtime.api.spi.KvLayout;
import dev.alcedo.runtime.api.spi.ModelFile;
import dev.alcedo.runtime.api.spi.Scheduler;
import dev.alcedo.runtime.api.spi.Tokenizer;
import dev.alcedo.runtime.api.spi.Tracer;
import java.util.List;
import java.util.Optional;

/// Everything that loading a model makes, before its threads start.
///
/// @param tracer hears of what the model does
/// @param files open files, closed last
/// @param text the decoder's graphs
/// @param encoder image encoder, if there is an mmproj file
/// @param isPrefillFollowing whether image tokens are prefilled while others are still encoded
/// @param isEncoderReleased whether the encoder is given up when no picture waits
record ModelParts(
    ModelOptions options,
    Tracer tracer,
    ModelInfo info,
    List<ModelFile> files,
    TextModel text,
    TextRunner runner,
    Scheduler scheduler,
    Tokenizer tokenizer,
    ChatTemplate template,
    Optional<Encoder> encoder,
    boolean isPrefillFollowing,
    boolean isEncoderReleased) {
  /// What one position of a session's KV cache holds.
  KvLayout kvLayout() {
    return text.config().kvLayout(options.kvType());
  }
}
