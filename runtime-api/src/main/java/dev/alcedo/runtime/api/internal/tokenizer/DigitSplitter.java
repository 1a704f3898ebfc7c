// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.tokenizer;

/// Cuts runs of digits into groups of three from the right, as one writes thousands: `1234567`
/// becomes `1`, `234`, `567`.
enum DigitSplitter implements Splitter {
  /// Runs of numbers (categories N*). What stands before a run stays with its first group, for
  /// later steps to cut off: so llama.cpp does it for AFMoE and Tiny Aya, and it shows in white
  /// space.
  AFTER_GROUPS {
    @Override
    public void split(String text, int start, int end, Spans out) {
      int from = start;
      for (int at = start; at < end; ) {
        int run = runEnd(text, at, end, this);
        if (run == at) {
          at += CharClasses.width(text, at);
          continue;
        }
        int left = text.codePointCount(at, run);
        for (int group = (left + 2) % 3 + 1; left > 0; left -= group, group = 3) {
          at = text.offsetByCodePoints(at, group);
          out.add(from, at);
          from = at;
        }
      }
      if (from < end) {
        out.add(from, end);
      }
    }

    @Override
    boolean isDigit(String text, int at) {
      return (CharClasses.at(text, at) & CharClasses.NUMBER) != 0;
    }
  },

  /// Runs of ASCII digits; what follows a run stays with its last group. This is the expression
  /// `(?=(\d{3})+(?!\d))` of SuperBPE, which cuts where a multiple of three digits is ahead, in
  /// time that does not grow with the square of the run.
  BEFORE_GROUPS {
    @Override
    public void split(String text, int start, int end, Spans out) {
      int from = start;
      for (int at = start; at < end; ) {
        int run = runEnd(text, at, end, this);
        for (int cut = at + (run - at) % 3; cut < run; cut += 3) {
          if (cut > from) {
            out.add(from, cut);
            from = cut;
          }
        }
        at = run + (run < end ? CharClasses.width(text, run) : 0);
      }
      if (from < end) {
        out.add(from, end);
      }
    }

    @Override
    boolean isDigit(String text, int at) {
      return text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }
  };

  abstract boolean isDigit(String text, int at);

  private static int runEnd(String text, int start, int end, DigitSplitter kind) {
    int at = start;
    while (at < end && kind.isDigit(text, at)) {
      at += CharClasses.width(text, at);
    }
    return at;
  }
}
