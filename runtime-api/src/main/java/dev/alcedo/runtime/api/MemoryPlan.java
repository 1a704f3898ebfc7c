// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

/// Bytes that a model takes.
///
/// @param weightsBytes mapped weights of the text model
/// @param encoderBytes mapped weights of vision tower and projector
/// @param kvBytesPerSession KV cache of one session at full context
/// @param scratchBytes intermediate values and repacked weights of the compiled graphs
public record MemoryPlan(
    long weightsBytes, long encoderBytes, long kvBytesPerSession, long scratchBytes) {
  /// Everything, with one session.
  public long totalBytes() {
    return weightsBytes + encoderBytes + kvBytesPerSession + scratchBytes;
  }
}
