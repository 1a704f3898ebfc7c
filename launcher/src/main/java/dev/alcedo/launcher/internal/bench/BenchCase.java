// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bench;

/// What one test computes; either `prompt` or `decode` is 0.
///
/// @param prompt positions that are prefilled
/// @param decode tokens that are generated one by one
/// @param depth positions that the KV cache holds before
public record BenchCase(int prompt, int decode, int depth) {
  /// As llama-bench calls it, e.g. `pp512` or `tg32 @ d1024`.
  public String name() {
    String what = prompt > 0 ? "pp" + prompt : "tg" + decode;
    return depth > 0 ? what + " @ d" + depth : what;
  }

  /// Positions of the session that it needs. A decode test's first token comes of a prompt, and is
  /// not measured.
  int contextLength() {
    return prompt > 0 ? depth + prompt + 1 : Math.max(1, depth) + decode + 1;
  }

  /// Positions or tokens that are measured.
  int count() {
    return prompt > 0 ? prompt : decode;
  }
}
