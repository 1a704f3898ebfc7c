// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api;

import java.util.List;

/// One generated token. The token that ends an answer is delivered too.
///
/// @param id in the vocabulary
/// @param text what it adds to the answer; empty while a character or a possible stop text is
///   incomplete
/// @param top the best tokens of this step, best first, as many as were asked for
public record Token(int id, String text, List<Candidate> top) {
  /// A token and its natural-log probability before sampling.
  public record Candidate(int id, float logProbability) {}
}
