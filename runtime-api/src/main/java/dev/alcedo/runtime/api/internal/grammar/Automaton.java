// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.grammar;

import dev.alcedo.runtime.api.InvalidRequestException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Steps through a [Network] byte by byte, all readings at once. Each position is computed once and
/// kept, so that a text's usual ways become table look-ups. One thread at a time.
final class Automaton {
  /// Calls inside of each other; deeper readings are given up, so that answers close what they
  /// opened in time.
  static final int DEPTH_MAX = 256;

  /// Steps that one mask may take: some tenths of a second.
  static final int WORK_MAX = 1_000_000;

  private static final int READING_COUNT_MAX = 2_000;

  /// What is kept at most, in words of memory: some 10 MB.
  private static final int KEPT_SIZE_MAX = 1_000_000;

  private static final int FRAME_SIZE = 16;

  private final Network network;
  private final Map<Key, Position> known = new HashMap<>();
  private final Position start;
  private int keptSize;
  private int clearedCount;
  private int work;

  private record Key(Set<Frame> frames, boolean canEnd) {}

  /// Finds where texts begin.
  Automaton(Network network) {
    this.network = network;
    var readings = new Readings();
    readings.add(new Frame(network.starts()[network.root()], null));
    this.start = position(readings);
  }

  /// Where texts begin.
  Position start() {
    return start;
  }

  /// Forgets how much was done: a new mask begins.
  void begin() {
    work = 0;
  }

  /// Steps since [#begin()] that were new.
  int work() {
    return work;
  }

  /// How often what was kept has been forgotten: whoever keeps positions forgets them too, because
  /// each holds on to those behind it.
  int clearedCount() {
    return clearedCount;
  }

  /// Where a byte leads.
  ///
  /// @return [Position#NOWHERE] if it cannot follow
  /// @throws InvalidRequestException if there are too many readings to follow them all
  Position next(Position from, byte b) {
    int value = b & 0xFF;
    int byteClass = network.classes()[value];
    if (from == Position.NOWHERE) {
      return from;
    }
    Position next = from.next(byteClass);
    if (next == null) {
      next = step(from, value);
      from.next(byteClass, next);
    }
    return next;
  }

  private Position step(Position from, int value) {
    var readings = new Readings();
    for (Frame frame : from.frames()) {
      int[] edges = network.byteEdges()[frame.state()];
      for (int i = 0; i < edges.length; i += 3) {
        if (edges[i] <= value && value <= edges[i + 1]) {
          readings.add(new Frame(edges[i + 2], frame.below()));
        }
      }
      count(1 + edges.length / 3);
    }
    return position(readings);
  }

  private Position position(Readings readings) {
    if (readings.waiting.isEmpty() && !readings.canEnd) {
      return Position.NOWHERE;
    }
    if (readings.waiting.size() > READING_COUNT_MAX) {
      throw ambiguous();
    }
    var key = new Key(readings.waiting, readings.canEnd);
    Position position = known.get(key);
    if (position == null) {
      if (keptSize > KEPT_SIZE_MAX) {
        known.clear();
        start.forget();
        keptSize = 0;
        clearedCount++;
      }
      Frame[] frames = readings.waiting.toArray(Frame[]::new);
      position = new Position(frames, readings.canEnd, network.classCount());
      known.put(key, position);
      keptSize += FRAME_SIZE * (1 + frames.length) + network.classCount();
    }
    return position;
  }

  private void count(int steps) {
    work += steps;
    if (work > WORK_MAX) {
      throw ambiguous();
    }
  }

  private static InvalidRequestException ambiguous() {
    return new InvalidRequestException(
        "grammar: too ambiguous: more than %d readings or %d steps for one token"
            .formatted(READING_COUNT_MAX, WORK_MAX));
  }

  /// Follows calls and ends until every reading waits for a byte.
  private final class Readings {
    private final Set<Frame> waiting = new HashSet<>();
    private final Set<Frame> seen = new HashSet<>();
    private final Deque<Frame> open = new ArrayDeque<>();
    private boolean canEnd;

    void add(Frame first) {
      open(first);
      while (!open.isEmpty()) {
        Frame frame = open.pop();
        int state = frame.state();
        if (network.byteEdges()[state].length > 0) {
          waiting.add(frame);
        }
        int[] calls = network.callEdges()[state];
        for (int i = 0; i < calls.length; i += 2) {
          call(network.starts()[calls[i]], calls[i + 1], frame.below());
        }
        if (network.isFinal()[state]) {
          open(frame.below());
        }
        count(1 + calls.length / 2);
      }
    }

    private void call(int start, int back, @Nullable Frame below) {
      // A call that is its rule's last needs no way back: lists do not grow the stack.
      Frame under = network.isOnlyFinal(back) ? below : new Frame(back, below);
      if (under == null || under.depth() < DEPTH_MAX) {
        open(new Frame(start, under));
      }
    }

    private void open(@Nullable Frame frame) {
      if (frame == null) {
        canEnd = true;
      } else if (seen.add(frame)) {
        open.push(frame);
      }
    }
  }
}
