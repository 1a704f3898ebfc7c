// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The template of a model: its own Jinja, run; where it has none, or one that does not work, that
/// of its family.
public final class ChatTemplates {
  private static final Logger LOG = LoggerFactory.getLogger(ChatTemplates.class);

  /// @param tokens those of a vocabulary that is meant for the template
  private record Kind(
      String name,
      Predicate<String> isWrittenIn,
      List<String> tokens,
      Function<String, ChatTemplate> create) {}

  /// In the order in which they are looked for.
  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              AlcedoTemplate.NAME,
              AlcedoTemplate::isWrittenIn,
              List.of("[|Human|]:", "[|AI|]:"),
              AlcedoTemplate::new),
          new Kind(
              ChatMlTemplate.NAME,
              ChatMlTemplate::isWrittenIn,
              List.of(ChatMlTemplate.START),
              ChatMlTemplate::new),
          new Kind(
              Llama3Template.NAME,
              Llama3Template::isWrittenIn,
              List.of("<|start_header_id|>", "<|end_header_id|>"),
              Llama3Template::new),
          new Kind(
              GemmaTemplate.NAME,
              GemmaTemplate::isWrittenIn,
              List.of(GemmaTemplate.START),
              GemmaTemplate::new),
          new Kind(
              Phi3Template.NAME,
              Phi3Template::isWrittenIn,
              List.of(Phi3Template.ASSISTANT, Phi3Template.END),
              Phi3Template::new),
          new Kind(
              Llama2Template.NAME, Llama2Template::isWrittenIn, List.of(), Llama2Template::new),
          new Kind(PlainTemplate.NAME, _ -> false, List.of(), PlainTemplate::new));

  private ChatTemplates() {}

  /// The family template called `name`: alcedo, chatml, llama3, gemma, phi3, llama2 or plain.
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

  /// The template of a model: its own Jinja; where that cannot be read or expresses nothing, the
  /// family template recognised in it, with a warning; else the family that the vocabulary has the
  /// tokens of, else plain.
  public static ChatTemplate of(Tokenizer tokenizer) {
    Optional<String> jinja = tokenizer.chatTemplate();
    ChatTemplate family = family(tokenizer, jinja);
    if (jinja.isEmpty()) {
      return family;
    }
    try {
      return new JinjaTemplate(jinja.get(), tokenizer, family, LocalDateTime::now);
    } catch (VlmException e) {
      LOG.warn(
          "the model's own chat template does not work, so conversations are rendered as {}: {}",
          family.describe(),
          e.getMessage());
      return family;
    }
  }

  private static ChatTemplate family(Tokenizer tokenizer, Optional<String> jinja) {
    if (jinja.isPresent()) {
      for (Kind kind : KINDS) {
        if (kind.isWrittenIn().test(jinja.get())) {
          return kind.create().apply("recognised in the model's template");
        }
      }
    }
    String missing = jinja.isPresent() ? "the model's template is unknown" : "no template";
    for (Kind kind : KINDS) {
      if (!kind.tokens().isEmpty()
          && kind.tokens().stream().allMatch(token -> tokenizer.find(token).isPresent())) {
        return kind.create().apply(missing + ", but its tokens are there");
      }
    }
    return new PlainTemplate(missing + "; answers may suffer");
  }

  private static String names() {
    return KINDS.stream().map(Kind::name).collect(Collectors.joining(", "));
  }
}
