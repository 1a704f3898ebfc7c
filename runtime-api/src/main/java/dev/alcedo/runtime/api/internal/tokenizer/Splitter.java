// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

/// One step of cutting text into words. Any thread.
interface Splitter {
  /// Receives consecutive spans.
  interface Spans {
    /// The characters `start` (inclusive) to `end` (exclusive); never empty.
    void add(int start, int end);
  }

  /// Cuts the part `start` to `end` of `text` into spans, in order and without gaps. What lies
  /// outside the part is not seen. No code point and no word of the step before is torn apart.
  void split(String text, int start, int end, Spans out);
}
