// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import java.time.LocalDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A Jinja chat template on its own, for tools that look at prompts; models render their own
/// templates themselves. The language is that of Jinja2 as the transformers library sets it up,
/// without files and without anything of the program around it: a template reaches what it is given
/// and nothing else, and is stopped at limits of steps, nesting, memory and output. Immutable; any
/// thread. Made by [Alcedo#template].
@FunctionalInterface
public interface PromptTemplate {
  /// Renders it.
  ///
  /// @param variables by name, e.g. `messages`: `Map`, `List`, `String`, `Integer`, `Long`,
  ///   `Double`, `Boolean` and null, all copied
  /// @param now what `strftime_now` takes for now
  /// @throws InvalidRequestException if the template itself refuses the variables, or they are of
  ///   other types
  /// @throws ModelFormatException if it does what does not work, or goes beyond its limits; names
  ///   template, line and limit
  String render(Map<String, ? extends @Nullable Object> variables, LocalDateTime now);
}
