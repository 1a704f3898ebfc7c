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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Turns requests into sequences: renders conversations, waits for pictures, tokenizes. Any thread.
final class PromptBuilder {
  private final Tokenizer tokenizer;
  private final PieceLookup pieces;
  private final ChatTemplate template;
  private final Optional<ImageStore> images;
  private final boolean isFollowing;
  private final int contextLength;
  private final int chunkLength;

  /// @param images where this model's pictures come from
  /// @param isFollowing whether pictures may still be on their way when the prompt is built
  /// @param chunkLength positions that one run can take
  PromptBuilder(
      Tokenizer tokenizer,
      ChatTemplate template,
      Optional<ImageStore> images,
      boolean isFollowing,
      int contextLength,
      int chunkLength) {
    this.tokenizer = tokenizer;
    this.pieces = new PieceLookup(tokenizer);
    this.template = template;
    this.images = images;
    this.isFollowing = isFollowing;
    this.contextLength = contextLength;
    this.chunkLength = chunkLength;
  }

  /// A prompt ready for prefill.
  ///
  /// @param isChat whether it came from a conversation
  /// @param pictures in order; may still be on their way
  /// @param imageWait how long this request waited for pictures until now
  /// @param progress hears of the pictures that are still on their way
  record Built(
      PromptSequence sequence,
      boolean isChat,
      List<PreparedImage> pictures,
      Duration imageWait,
      Progress progress) {
    /// Copies the list.
    Built {
      pictures = List.copyOf(pictures);
    }

    int tileCount() {
      return pictures.stream().mapToInt(p -> p.report().tileCount()).sum();
    }

    /// What encoding the pictures took, whenever that was.
    Duration imageTime() {
      return pictures.stream()
          .map(PreparedImage::report)
          .map(r -> r.prepareTime().plus(r.encodeTime()))
          .reduce(Duration.ZERO, Duration::plus);
    }

    /// Nobody listens to the pictures for this prompt any more.
    void end() {
      pictures.forEach(p -> p.forget(progress));
    }
  }

  /// Builds the prompt of `request`; waits for its pictures unless prefill follows encoding.
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
    private final List<PreparedImage> pictures = new ArrayList<>();
    private Duration imageWait = Duration.ZERO;

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
      if (images.filter(own -> own == prepared.owner()).isEmpty()) {
        throw new InvalidRequestException(
            "prompt: picture '%s' belongs to another model: prepare the picture with the model that is asked"
                .formatted(prepared.handle()));
      }
      if (isFollowing) {
        prepared.listen(progress);
      } else {
        long start = System.nanoTime();
        prepared.await(progress, cancellation);
        imageWait = imageWait.plusNanos(System.nanoTime() - start);
      }
      pictures.add(prepared);
      for (ImageTokens.Part part : prepared.parts()) {
        switch (part) {
          case ImageTokens.Part.Marker marker ->
              sequence.addIds(tokenizer.encode(marker.text(), false, TextTrust.ALL));
          case ImageTokens.Part.Piece piece -> sequence.addIds(pieces.ids(piece.text()));
          case ImageTokens.Part.Span span -> {
            requireOneRun(span);
            sequence.addImage(prepared.contentHash(), prepared, span);
          }
        }
      }
    }

    /// Encoders are plugins: one may give more image tokens that see each other than it promised.
    private void requireOneRun(ImageTokens.Part.Span span) {
      if (span.isBidirectional() && span.tokenCount() > chunkLength) {
        throw new InvalidRequestException(
            "prompt: expected at most %d image tokens that see each other in both directions, got %d: raise the chunk length"
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
      return new Built(sequence, isChat, pictures, imageWait, progress);
    }
  }
}
