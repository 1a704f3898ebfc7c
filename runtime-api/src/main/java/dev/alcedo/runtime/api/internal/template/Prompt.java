// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template;

import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.Message;
import dev.alcedo.runtime.api.PromptPart;
import dev.alcedo.runtime.api.spi.TextTrust;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A rendered conversation: runs of text with pictures between them.
///
/// @param chunks in order; no two runs of text follow one another
public record Prompt(List<Chunk> chunks) {
  /// A run of text or a picture.
  public sealed interface Chunk {}

  /// Text to tokenize as a whole.
  ///
  /// @param text never empty
  /// @param trust true for what the template wrote, false for what people or the model said
  public record TextRun(String text, TextTrust trust) implements Chunk {}

  /// The place of a picture.
  public record Picture(Image image) implements Chunk {}

  /// Copies the list.
  public Prompt {
    chunks = List.copyOf(chunks);
  }

  /// All text with `picture` for every picture: for tests and people.
  public String text(String picture) {
    return chunks.stream()
        .map(chunk ->
            switch (chunk) {
              case TextRun run -> run.text();
              case Picture _ -> picture;
            })
        .collect(Collectors.joining());
  }

  /// Puts a prompt together. One thread.
  public static final class Builder {
    private final List<Chunk> chunks = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final TrustedRanges.Builder trusted = new TrustedRanges.Builder();

    /// An empty prompt.
    public Builder() {}

    /// Text of the template: may spell control tokens.
    public Builder template(String words) {
      trusted.add(text.length(), text.length() + words.length());
      text.append(words);
      return this;
    }

    /// Text that somebody said: never a control token.
    public Builder content(String words) {
      text.append(words);
      return this;
    }

    /// A picture.
    public Builder picture(Image image) {
      closeRun();
      chunks.add(new Picture(image));
      return this;
    }

    /// The parts of a message, as they come.
    ///
    /// @throws InvalidRequestException if one of them is token ids
    public Builder content(Message message) {
      for (PromptPart part : message.parts()) {
        switch (part) {
          case PromptPart.Text(String words) -> content(words);
          case PromptPart.Picture(Image image) -> picture(image);
          case PromptPart.Tokens _ ->
              throw new InvalidRequestException(
                  "message of role %s: expected text and pictures, got token ids;"
                          .formatted(message.role())
                      + " give them to a completion");
        }
      }
      return this;
    }

    /// The parts of a message without white space around the whole.
    ///
    /// @throws InvalidRequestException if one of them is token ids
    public Builder strippedContent(Message message) {
      return content(Messages.strip(message));
    }

    /// The prompt so far.
    public Prompt build() {
      closeRun();
      return new Prompt(chunks);
    }

    private void closeRun() {
      if (!text.isEmpty()) {
        chunks.add(new TextRun(text.toString(), trusted.build()));
        text.setLength(0);
        trusted.clear();
      }
    }
  }
}
