// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import org.jspecify.annotations.Nullable;

/// Renders a chat template: that of a file, or one that is given.
///
/// @param file GGUF file, unless `template` is given
/// @param name which of the file's templates, e.g. `tool_use`; its main one if absent, or
///   `tool_use` where it has one and there are tools
/// @param template Jinja text, unless `file` is given
/// @param variables a JSON object as text, so that nothing of it is lost on the way; one short
///   question if absent
/// @param addGenerationPrompt `add_generation_prompt`, where the variables do not say; false if
///   absent
/// @param date what `strftime_now` takes for today, e.g. `2024-07-26`; today if absent
public record TemplateRequest(
    @Nullable String file,
    @Nullable String name,
    @Nullable String template,
    @Nullable String variables,
    @Nullable Boolean addGenerationPrompt,
    @Nullable String date) {}
