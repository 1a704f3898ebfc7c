// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.ModelFormatException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.internal.template.jinja.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Finds a template's style with tiny conversations: what is said must be in the prompt.
final class TemplateProbe {
  private static final String FIRST = "alcedo-probe-1";
  private static final String SECOND = "alcedo-probe-2";
  private static final String THIRD = "alcedo-probe-3";

  private final Function<List<Map<String, Object>>, Text> render;
  private @Nullable VlmException failure;

  private TemplateProbe(Function<List<Map<String, Object>>, Text> render) {
    this.render = render;
  }

  /// The style of the template that `render` renders.
  ///
  /// @throws ModelFormatException if it can express nothing; says why
  static TemplateStyle probe(String name, Function<List<Map<String, Object>>, Text> render) {
    return new TemplateProbe(render).style(name);
  }

  private TemplateStyle style(String name) {
    boolean takesStrings = survives(talk(false)) || survives(List.of(said("user", FIRST, false)));
    boolean takesParts = survives(talk(true)) || survives(List.of(said("user", FIRST, true)));
    if (!takesStrings && !takesParts) {
      throw new ModelFormatException(
          failure != null
              ? String.valueOf(failure.getMessage())
              : name + ": what the user says is not in the prompt",
          failure);
    }
    boolean isTyped = !takesStrings;
    return new TemplateStyle(
        takesStrings,
        takesParts,
        takesParts ? placeholder() : Optional.empty(),
        survives(List.of(said("system", SECOND, isTyped), said("user", FIRST, isTyped))),
        survives(List.of(said("user", FIRST, isTyped), said("user", SECOND, isTyped))));
  }

  private static List<Map<String, Object>> talk(boolean isTyped) {
    return List.of(
        said("user", FIRST, isTyped),
        said("assistant", SECOND, isTyped),
        said("user", THIRD, isTyped));
  }

  private static Map<String, Object> said(String role, String text, boolean isTyped) {
    return Map.of(
        "role",
        Text.of(role, Text.WRITTEN),
        "content",
        isTyped ? List.of(ConversationValues.textPart(text)) : text);
  }

  /// Whether all that is said is in the prompt, and not as the spelling of a list.
  private boolean survives(List<Map<String, Object>> messages) {
    Optional<Text> prompt = render(messages);
    if (prompt.isEmpty()) {
      return false;
    }
    String all = prompt.get().string();
    boolean isSpelled = all.contains("'type'") || all.contains("\"type\"");
    boolean isThere = !isSpelled;
    for (String text : List.of(FIRST, SECOND, THIRD)) {
      isThere = isThere && (all.contains(text) || !messages.toString().contains(text));
    }
    return isThere;
  }

  private Optional<Text> render(List<Map<String, Object>> messages) {
    try {
      return Optional.of(render.apply(messages));
    } catch (VlmException e) {
      failure = failure == null ? e : failure;
      return Optional.empty();
    }
  }

  private Optional<String> placeholder() {
    Optional<Text> none = render(pictures(0));
    Optional<Text> one = render(pictures(1));
    Optional<Text> two = render(pictures(2));
    if (none.isEmpty() || one.isEmpty() || two.isEmpty() || !one.get().string().contains(FIRST)) {
      return Optional.empty();
    }
    return Placeholders.first(p -> {
      int before = Placeholders.count(none.get(), p);
      return Placeholders.count(one.get(), p) == before + 1
          && Placeholders.count(two.get(), p) == before + 2
          && before == 0;
    });
  }

  private static List<Map<String, Object>> pictures(int count) {
    List<Object> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(ConversationValues.imagePart());
    }
    parts.add(ConversationValues.textPart(FIRST));
    return List.of(Map.of("role", Text.of("user", Text.WRITTEN), "content", parts));
  }
}
