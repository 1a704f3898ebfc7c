// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.message;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.alcedo.runtime.api.Answer;
import dev.alcedo.runtime.api.Statistics;
import dev.alcedo.runtime.api.Token.Candidate;
import dev.alcedo.runtime.api.spi.ImageReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happens to a running request, in order; `type` says which. Exactly one of [Done] and
/// [Failed] comes last.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = StreamEvent.Token.class, name = "token"),
  @JsonSubTypes.Type(value = StreamEvent.Progress.class, name = "progress"),
  @JsonSubTypes.Type(value = StreamEvent.Done.class, name = "done"),
  @JsonSubTypes.Type(value = StreamEvent.Failed.class, name = "failed")
})
public sealed interface StreamEvent {
  /// A token was generated.
  ///
  /// @param id in the vocabulary
  /// @param text what it adds to the answer
  /// @param top the best tokens of this step, best first
  record Token(int id, String text, List<Candidate> top) implements StreamEvent {}

  /// Long work goes on.
  ///
  /// @param step `load` (bytes), `image` (tiles), `prefill` (positions), `quantize` (bytes),
  ///   `perplexity` (chunks)
  /// @param estimate the result so far, of steps that have one
  record Progress(String step, long done, long total, @Nullable Double estimate)
      implements StreamEvent {
    /// Without an estimate.
    public Progress(String step, long done, long total) {
      this(step, done, total, null);
    }
  }

  /// The answer is complete.
  ///
  /// @param text all of it
  /// @param reason why it ended
  /// @param statistics what it took
  /// @param images the request's pictures with the times that encoding took, in order
  /// @param peakMemoryBytes the engine's process at its largest so far; 0 if unknown
  /// @param residentMemoryBytes the engine's process at the end of the answer; 0 if unknown
  record Done(
      String text,
      Answer.Reason reason,
      Statistics statistics,
      List<ImageReport> images,
      long peakMemoryBytes,
      long residentMemoryBytes)
      implements StreamEvent {}

  /// There will be no answer.
  ///
  /// @param code stable, e.g. `invalid_request`
  /// @param message for people
  record Failed(String code, String message) implements StreamEvent {}
}
