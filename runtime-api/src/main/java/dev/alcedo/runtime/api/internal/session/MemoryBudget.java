// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.MemoryPlan;
import dev.alcedo.runtime.api.ResourceExhaustedException;

/// The user's limit for what a model takes. Immutable; any thread.
///
/// @param bytesMax 0 sets no limit
record MemoryBudget(long bytesMax) {
  /// Refuses a plan that exceeds the limit with `sessionCount` sessions.
  ///
  /// An encoder that is released between pictures counts: it is there while it encodes.
  ///
  /// @param model whose plan it is, for the message
  /// @throws ResourceExhaustedException naming the parts and what to lower
  void require(String model, MemoryPlan plan, int sessionCount) {
    long bytes = plan.totalBytes() + (sessionCount - 1) * plan.kvBytesPerSession();
    if (bytesMax == 0 || bytes <= bytesMax) {
      return;
    }
    throw ResourceExhaustedException.ofMemory(
        "%s needs %s (weights %s, image encoder %s, KV cache %s, intermediate values %s, image tokens %s), --max-memory allows %s: %s"
            .formatted(
                model,
                mebibytes(bytes),
                mebibytes(plan.weightsBytes()),
                mebibytes(plan.encoderBytes()),
                mebibytes(sessionCount * plan.kvBytesPerSession()),
                mebibytes(plan.scratchBytes() + plan.encoderScratchBytes()),
                mebibytes(plan.imageTokenBytes()),
                mebibytes(bytesMax),
                remedy(plan, sessionCount)),
        null);
  }

  /// What is worth lowering: the part without which the plan would fit, if there is one.
  private String remedy(MemoryPlan plan, int sessionCount) {
    long fixed = plan.weightsBytes() + plan.encoderBytes();
    long scratch = plan.scratchBytes() + plan.encoderScratchBytes();
    if (fixed > bytesMax) {
      return "take a model of fewer bits (alcedo quantize) or raise --max-memory";
    }
    if (sessionCount > 1) {
      return "close sessions, lower --context or raise --max-memory";
    }
    return fixed + scratch > bytesMax
        ? "lower --chunk or --tile-batch, or raise --max-memory"
        : "lower --context or raise --max-memory";
  }

  private static String mebibytes(long bytes) {
    return "%d MiB".formatted(Math.ceilDiv(bytes, 1L << 20));
  }
}
