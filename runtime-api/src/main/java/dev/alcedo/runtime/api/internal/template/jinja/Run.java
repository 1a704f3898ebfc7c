// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.template.jinja;

import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.ModelFormatException;
import java.time.LocalDateTime;

/// One rendering: where it is, and what it has used of its limits. One thread.
final class Run {
  /// Memory units of a list or dict entry.
  private static final int ENTRY_UNITS = 16;

  private final String template;
  private final Limits limits;
  private final LocalDateTime now;
  private long steps;
  private long memory;
  private int depth;
  private int line = 1;

  Run(String template, Limits limits, LocalDateTime now) {
    this.template = template;
    this.limits = limits;
    this.now = now;
  }

  LocalDateTime now() {
    return now;
  }

  int outputCharsMax() {
    return limits.outputChars();
  }

  int line() {
    return line;
  }

  void at(int line) {
    this.line = line;
  }

  /// Counts one step.
  void step() {
    if (++steps > limits.steps()) {
      throw beyond("%d steps".formatted(limits.steps()));
    }
  }

  /// Goes one level down; [#leave] comes back up.
  void enter() {
    if (++depth > limits.depth()) {
      throw beyond(
          "%d levels of calls and expressions inside one another".formatted(limits.depth()));
    }
  }

  void leave() {
    depth--;
  }

  /// Counts characters before they are made.
  ///
  /// @param count of one string, or of a few that come to be together
  void characters(long count) {
    if (count > limits.outputChars()) {
      throw beyond("%d characters in one text".formatted(limits.outputChars()));
    }
    units(count);
  }

  /// Counts the looking at characters.
  void work(long count) {
    steps += count >> 6;
    step();
  }

  /// Counts entries of lists and dicts before they are made.
  void entries(long count) {
    units(Math.multiplyExact(Math.min(count, Integer.MAX_VALUE), (long) ENTRY_UNITS));
  }

  private void units(long count) {
    memory += count;
    if (memory > limits.memoryUnits()) {
      throw beyond("%d characters and entries altogether".formatted(limits.memoryUnits()));
    }
    // Making characters takes time as well.
    steps += count >> 6;
  }

  /// What to throw where the template goes too far.
  ModelFormatException beyond(String limit) {
    return fail("stopped at its limit of " + limit);
  }

  /// What to throw where the template is wrong.
  ModelFormatException fail(String problem) {
    return new ModelFormatException(message(problem));
  }

  /// What to throw where the template refuses what it was given.
  InvalidRequestException refuse(String problem) {
    return new InvalidRequestException(message(problem));
  }

  private String message(String problem) {
    return "%s, line %d: %s".formatted(template, line, problem);
  }
}
