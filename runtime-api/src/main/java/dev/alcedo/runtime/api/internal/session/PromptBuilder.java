// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.Image;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.PromptPart;
import dev.alcedo.runtime.api.Request;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.internal.template.ChatTemplate;
import dev.alcedo.runtime.api.internal.template.Prompt;
import dev.alcedo.runtime.api.spi.Cancellation;
import dev.alcedo.runtime.api.spi.ImageTokens;
import dev.alcedo.runtime.api.spi.Progress;
import dev.alcedo.runtime.api.spi.TextTrust;
import dev.alcedo.runtime.api.spi.Tokenizer;
import java.time.Duration;

/// Turns requests into sequences: renders conversations, waits for pictures, tokenizes. Any thread.
final class PromptBuilder {
  private final Tokenizer tokenizer;
  private final PieceLookup pieces;
  private final ChatTemplate template;
  private final int contextLength;
  private final int embeddingLength;
  private final int chunkLength;

  /// @param embeddingLength columns of this model's image tokens
  /// @param chunkLength positions that one run can take
  PromptBuilder(
      Tokenizer tokenizer,
      ChatTemplate template,
      int contextLength,
      int embeddingLength,
      int chunkLength) {
    this.tokenizer = tokenizer;
    this.pieces = new PieceLookup(tokenizer);
    this.template = template;
    this.contextLength = contextLength;
    this.embeddingLength = embeddingLength;
    this.chunkLength = chunkLength;
  }

  /// A prompt ready for prefill.
  ///
  /// @param isChat whether it came from a conversation
  /// @param imageTime what encoding its pictures took, whenever that was
  record Built(
      PromptSequence sequence, boolean isChat, int imageCount, int tileCount, Duration imageTime) {}

  /// Builds the prompt of `request`; waits for its pictures.
  ///
  /// @throws InvalidRequestException if it is empty or holds ids that are not in the vocabulary
  /// @throws ResourceExhaustedException if it does not fit the context
  Built build(Request request, Progress progress, Cancellation cancellation) {
    var writer = new Writer(progress, cancellation);
    switch (request) {
      case Request.Chat chat -> {
        for (Prompt.Chunk chunk : template.render(chat.messages(), true).chunks()) {
          switch (chunk) {
            case Prompt.TextRun run -> writer.text(run.text(), run.trust());
            case Prompt.Picture picture -> writer.picture(picture.image());
          }
        }
      }
      case Request.Completion completion -> {
        for (PromptPart part : completion.parts()) {
          switch (part) {
            case PromptPart.Text text -> writer.text(text.text(), TextTrust.ALL);
            case PromptPart.Tokens tokens -> writer.ids(tokens.ids());
            case PromptPart.Picture picture -> writer.picture(picture.image());
          }
        }
      }
    }
    return writer.finish(request instanceof Request.Chat);
  }

  /// Appends to one sequence.
  private final class Writer {
    private final PromptSequence sequence = new PromptSequence();
    private final Progress progress;
    private final Cancellation cancellation;
    private boolean isStarted;
    private int imageCount;
    private int tileCount;
    private Duration imageTime = Duration.ZERO;

    Writer(Progress progress, Cancellation cancellation) {
      this.progress = progress;
      this.cancellation = cancellation;
    }

    void text(String text, TextTrust trust) {
      cancellation.check();
      sequence.addIds(tokenizer.encode(text, !isStarted, trust));
      isStarted = true;
    }

    void ids(int[] ids) {
      for (int id : ids) {
        if (id < 0 || id >= tokenizer.vocabSize()) {
          throw new InvalidRequestException(
              "prompt: expected token ids from 0 to %d, got %d"
                  .formatted(tokenizer.vocabSize() - 1, id));
        }
      }
      sequence.addIds(ids);
      isStarted = true;
    }

    void picture(Image image) {
      if (!(image instanceof PreparedImage prepared)) {
        throw new InvalidRequestException(
            "prompt: a picture must come from this engine's Model.prepare, got "
                + image.getClass().getName());
      }
      if (!isStarted) {
        text("", TextTrust.NONE); // the begin token stands before everything
      }
      ImageTokens tokens = prepared.await(progress, cancellation);
      int cols = tokens.embeddings().shape().cols();
      if (cols != embeddingLength) {
        throw new InvalidRequestException(
            "prompt: expected image tokens of %d columns, got %d: prepare the picture with the model that is asked"
                .formatted(embeddingLength, cols));
      }
      for (ImageTokens.Part part : tokens.parts()) {
        switch (part) {
          case ImageTokens.Part.Marker marker ->
              sequence.addIds(tokenizer.encode(marker.text(), false, TextTrust.ALL));
          case ImageTokens.Part.Piece piece -> sequence.addIds(pieces.ids(piece.text()));
          case ImageTokens.Part.Span span -> {
            requireOneRun(span);
            sequence.addImage(prepared.contentHash(), tokens, span);
          }
        }
      }
      imageCount++;
      tileCount += tokens.report().tileCount();
      imageTime = imageTime.plus(tokens.report().prepareTime()).plus(tokens.report().encodeTime());
    }

    /// A picture of another model may have more image tokens that see each other than this one runs
    /// together.
    private void requireOneRun(ImageTokens.Part.Span span) {
      if (span.isBidirectional() && span.tokenCount() > chunkLength) {
        throw new InvalidRequestException(
            "prompt: expected at most %d image tokens that see each other in both directions, got %d: prepare the picture with the model that is asked, or raise the chunk length"
                .formatted(chunkLength, span.tokenCount()));
      }
    }

    Built finish(boolean isChat) {
      if (sequence.length() == 0) {
        throw new InvalidRequestException("prompt: expected at least one token, got none");
      }
      if (sequence.length() > contextLength) {
        throw new ResourceExhaustedException(
            "prompt of %d positions (%d of them image tokens) does not fit the context of %d: raise --context, shorten the prompt or use fewer tiles"
                .formatted(sequence.length(), sequence.imageTokenCount(), contextLength));
      }
      return new Built(sequence, isChat, imageCount, tileCount, imageTime);
    }
  }
}
