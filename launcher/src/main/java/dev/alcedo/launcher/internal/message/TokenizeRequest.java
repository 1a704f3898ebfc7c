// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import org.jspecify.annotations.Nullable;

/// Text to token ids, by the tokenizer of a file alone.
///
/// @param file GGUF file
/// @param text to encode
/// @param addSpecial whether the begin and end tokens are added that the model asks for; true if
///   absent
/// @param parseSpecial whether the text may spell control tokens; true if absent
public record TokenizeRequest(
    String file, String text, @Nullable Boolean addSpecial, @Nullable Boolean parseSpecial) {}
