// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.grammar;

import dev.alcedo.runtime.api.InvalidRequestException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Compiles rules to a [Network], by Thompson's construction.
final class NetworkBuilder {
  private static final int STATE_COUNT_MAX = 100_000;
  private static final int EDGE_COUNT_MAX = 1_000_000;

  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final List<State> states = new ArrayList<>();
  private final BitSet boundaries = new BitSet();
  private long edgeCount;

  private static final class State {
    private final List<Integer> free = new ArrayList<>();
    private final List<int[]> bytes = new ArrayList<>();
    private final List<int[]> calls = new ArrayList<>();
    private boolean isFinal;
  }

  private NetworkBuilder() {}

  /// The network of a grammar.
  ///
  /// @throws InvalidRequestException if a rule is missing, calls itself before any character, or
  ///   all is too large
  static Network build(Map<String, Expr> rules) {
    return new NetworkBuilder().network(rules);
  }

  private Network network(Map<String, Expr> rules) {
    for (String name : rules.keySet()) {
      numbers.put(name, numbers.size());
    }
    int[] starts = new int[rules.size()];
    for (Map.Entry<String, Expr> rule : rules.entrySet()) {
      int start = state();
      starts[numbers.get(rule.getKey())] = start;
      states.get(add(rule.getValue(), start)).isFinal = true;
    }
    int[][] byteEdges = new int[states.size()][];
    int[][] callEdges = new int[states.size()][];
    boolean[] isFinal = new boolean[states.size()];
    for (int i = 0; i < states.size(); i++) {
      fold(i, byteEdges, callEdges, isFinal);
    }
    int[] classes = new int[256];
    int classCount = 1;
    for (int b = 1; b < 256; b++) {
      classCount += boundaries.get(b) ? 1 : 0;
      classes[b] = classCount - 1;
    }
    var network =
        new Network(
            byteEdges, callEdges, isFinal, starts, numbers.get("root"), classes, classCount);
    LeftRecursion.refuse(network, List.copyOf(rules.keySet()));
    return network;
  }

  private int state() {
    if (states.size() == STATE_COUNT_MAX) {
      throw tooLarge();
    }
    states.add(new State());
    return states.size() - 1;
  }

  private void free(int from, int to) {
    states.get(from).free.add(to);
  }

  /// Adds what `expr` says behind `from` and returns where it ends.
  private int add(Expr expr, int from) {
    return switch (expr) {
      case Expr.Sequence(List<Expr> parts) -> {
        int end = from;
        for (Expr part : parts) {
          end = add(part, end);
        }
        yield end;
      }
      case Expr.Choice(List<Expr> options) -> {
        int end = state();
        for (Expr option : options) {
          int start = state();
          free(from, start);
          free(add(option, start), end);
        }
        yield end;
      }
      case Expr.Characters(List<Expr.Range> ranges) -> {
        int end = state();
        for (Expr.Range range : ranges) {
          for (int[][] bytes : CharacterRanges.utf8(range)) {
            add(bytes, from, end);
          }
        }
        yield end;
      }
      case Expr.Repeat repeat -> add(repeat, from);
      case Expr.Call(String name) -> {
        Integer rule = numbers.get(name);
        if (rule == null) {
          throw new InvalidRequestException(
              "grammar: rule '%s' is used, but not there".formatted(name));
        }
        int end = state();
        states.get(from).calls.add(new int[] {rule, end});
        yield end;
      }
    };
  }

  private void add(int[][] bytes, int from, int end) {
    int at = from;
    for (int place = 0; place < bytes.length; place++) {
      int next = place == bytes.length - 1 ? end : state();
      states.get(at).bytes.add(new int[] {bytes[place][0], bytes[place][1], next});
      boundaries.set(bytes[place][0]);
      boundaries.set(bytes[place][1] + 1);
      at = next;
    }
  }

  private int add(Expr.Repeat repeat, int from) {
    // A part of its own, so that what leads away from `from` besides does not become repeatable.
    int at = state();
    free(from, at);
    for (int i = 0; i < repeat.min(); i++) {
      at = add(repeat.part(), at);
    }
    if (repeat.max() == Expr.Repeat.ENDLESS) {
      int loop = state();
      free(at, loop);
      free(add(repeat.part(), loop), loop);
      int end = state();
      free(loop, end);
      return end;
    }
    int end = state();
    for (int i = repeat.min(); i < repeat.max(); i++) {
      free(at, end);
      at = add(repeat.part(), at);
    }
    free(at, end);
    return end;
  }

  /// Gives a state the edges of all that it reaches without a byte.
  private void fold(int start, int[][] byteEdges, int[][] callEdges, boolean[] isFinal) {
    List<int[]> bytes = new ArrayList<>();
    List<int[]> calls = new ArrayList<>();
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>(List.of(start));
    seen.set(start);
    while (!open.isEmpty()) {
      State state = states.get(open.pop());
      bytes.addAll(state.bytes);
      calls.addAll(state.calls);
      isFinal[start] |= state.isFinal;
      edgeCount += 1 + state.bytes.size() + state.calls.size();
      if (edgeCount > EDGE_COUNT_MAX) {
        throw tooLarge();
      }
      for (int next : state.free) {
        if (!seen.get(next)) {
          seen.set(next);
          open.push(next);
        }
      }
    }
    byteEdges[start] = bytes.stream().flatMapToInt(Arrays::stream).toArray();
    callEdges[start] = calls.stream().flatMapToInt(Arrays::stream).toArray();
  }

  private static InvalidRequestException tooLarge() {
    return new InvalidRequestException(
        "grammar: too large: expected at most %d states and %d steps; use fewer or smaller repetitions"
            .formatted(STATE_COUNT_MAX, EDGE_COUNT_MAX));
  }
}
