// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The templates there are: a line each.
public final class ChatTemplates {
  private record Kind(
      String name, Predicate<String> isWrittenIn, Function<String, ChatTemplate> create) {}

  /// In the order in which they are looked for in a model's own template.
  private static final List<Kind> KINDS =
      List.of(
          new Kind(AlcedoTemplate.NAME, AlcedoTemplate::isWrittenIn, AlcedoTemplate::new),
          new Kind(ChatMlTemplate.NAME, ChatMlTemplate::isWrittenIn, ChatMlTemplate::new),
          new Kind(Llama3Template.NAME, Llama3Template::isWrittenIn, Llama3Template::new),
          new Kind(Llama2Template.NAME, Llama2Template::isWrittenIn, Llama2Template::new),
          new Kind(PlainTemplate.NAME, _ -> false, PlainTemplate::new));

  private ChatTemplates() {}

  /// The template called `name`: alcedo, chatml, llama3, llama2 or plain.
  ///
  /// @throws InvalidRequestException if there is none, listing those there are
  public static ChatTemplate named(String name) {
    return KINDS.stream()
        .filter(kind -> kind.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new InvalidRequestException(
                "chat template: expected one of %s, got '%s'".formatted(names(), name)))
        .create()
        .apply("asked for");
  }

  /// The template of a model: recognised in the Jinja text that it brings, else ChatML where the
  /// vocabulary has its tokens, else plain. Jinja itself is not run.
  public static ChatTemplate of(Tokenizer tokenizer) {
    Optional<String> jinja = tokenizer.chatTemplate();
    if (jinja.isPresent()) {
      for (Kind kind : KINDS) {
        if (kind.isWrittenIn().test(jinja.get())) {
          return kind.create().apply("from the model's template");
        }
      }
    }
    String missing = jinja.isPresent() ? "the model's template is unknown" : "no template";
    boolean isChatMl = tokenizer.find(ChatMlTemplate.START).isPresent();
    return isChatMl
        ? new ChatMlTemplate(missing + ", but ChatML's tokens")
        : new PlainTemplate(missing + "; answers may suffer");
  }

  private static String names() {
    return KINDS.stream().map(Kind::name).collect(Collectors.joining(", "));
  }
}
