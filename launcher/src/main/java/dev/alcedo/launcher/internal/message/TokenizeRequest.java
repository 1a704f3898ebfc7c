// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import org.jspecify.annotations.Nullable;

/// Text to token ids, by the tokenizer of a file alone or of a loaded model.
///
/// @param file GGUF file; either it or `model` is there
/// @param model handle of a loaded model
/// @param text to encode
/// @param addSpecial whether the begin and end tokens are added that the model asks for; true if
///   absent
/// @param parseSpecial whether the text may spell control tokens; true if absent
public record TokenizeRequest(
    @Nullable String file,
    @Nullable String model,
    String text,
    @Nullable Boolean addSpecial,
    @Nullable Boolean parseSpecial) {}
