// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import java.util.List;

/// Bytes that a model takes, planned from metadata before anything is loaded.
///
/// @param weightsBytes weights of the text model, in the form in which its backends keep them
/// @param encoderBytes weights of vision tower and projector, likewise
/// @param kvBytesPerSession KV cache of one session at full context
/// @param scratchBytes intermediate values and buffers of the text model
/// @param encoderScratchBytes the same of the image encoder
/// @param imageTokenBytes image tokens, as many as fit a context
/// @param processBytes the process itself: Java, its compiled code, the tokenizer
/// @param stages the first five by stage
public record MemoryPlan(
    long weightsBytes,
    long encoderBytes,
    long kvBytesPerSession,
    long scratchBytes,
    long encoderScratchBytes,
    long imageTokenBytes,
    long processBytes,
    List<StageMemory> stages) {
  /// Copies the list.
  public MemoryPlan {
    stages = List.copyOf(stages);
  }

  /// The model with one session.
  public long totalBytes() {
    return restingBytes() + encoderBytes + encoderScratchBytes;
  }

  /// The model with one session, while the image encoder is released.
  public long restingBytes() {
    return weightsBytes + kvBytesPerSession + scratchBytes + imageTokenBytes;
  }

  /// The process at its largest, with one session and a full context.
  public long peakBytes() {
    return totalBytes() + processBytes;
  }
}
