// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.grammar;

import dev.alcedo.runtime.api.InvalidRequestException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/// Finds rules that reach themselves before any character: expanding them would never end.
final class LeftRecursion {
  private LeftRecursion() {}

  /// @param names of the rules, for the message
  /// @throws InvalidRequestException naming such a rule
  static void refuse(Network network, List<String> names) {
    BitSet empty = emptyRules(network);
    int count = network.starts().length;
    List<BitSet> calls = new ArrayList<>();
    int[] callerCount = new int[count];
    for (int rule = 0; rule < count; rule++) {
      BitSet first = firstCalls(network, rule, empty);
      calls.add(first);
      first.stream().forEach(called -> callerCount[called]++);
    }
    // Takes away whoever nobody calls until only circles are left.
    Deque<Integer> open = new ArrayDeque<>();
    for (int rule = 0; rule < count; rule++) {
      if (callerCount[rule] == 0) {
        open.add(rule);
      }
    }
    int left = count;
    while (!open.isEmpty()) {
      left--;
      calls.get(open.remove()).stream()
          .filter(called -> --callerCount[called] == 0)
          .forEach(open::add);
    }
    for (int rule = 0; left > 0 && rule < count; rule++) {
      if (callerCount[rule] > 0 && reaches(calls, rule)) {
        throw new InvalidRequestException(
            "grammar: rule '%s' reaches itself before any character".formatted(names.get(rule)));
      }
    }
  }

  private static boolean reaches(List<BitSet> calls, int rule) {
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>(List.of(rule));
    while (!open.isEmpty()) {
      for (int called : calls.get(open.pop()).stream().toArray()) {
        if (called == rule) {
          return true;
        }
        if (!seen.get(called)) {
          seen.set(called);
          open.push(called);
        }
      }
    }
    return false;
  }

  /// Rules that allow the empty text.
  private static BitSet emptyRules(Network network) {
    BitSet empty = new BitSet();
    boolean hasChanged = true;
    // Each round adds a rule; grammars need as many rounds as their longest chain of empty rules.
    while (hasChanged) {
      hasChanged = false;
      for (int rule = 0; rule < network.starts().length; rule++) {
        if (!empty.get(rule) && canEnd(network, network.starts()[rule], empty)) {
          empty.set(rule);
          hasChanged = true;
        }
      }
    }
    return empty;
  }

  private static boolean canEnd(Network network, int start, BitSet empty) {
    BitSet reached = reached(network, start, empty);
    return reached.stream().anyMatch(state -> network.isFinal()[state]);
  }

  private static BitSet firstCalls(Network network, int rule, BitSet empty) {
    BitSet calls = new BitSet();
    reached(network, network.starts()[rule], empty).stream()
        .forEach(state -> {
          int[] edges = network.callEdges()[state];
          for (int i = 0; i < edges.length; i += 2) {
            calls.set(edges[i]);
          }
        });
    return calls;
  }

  /// States of a rule that are reached without a character.
  private static BitSet reached(Network network, int start, BitSet empty) {
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>(List.of(start));
    seen.set(start);
    while (!open.isEmpty()) {
      int[] edges = network.callEdges()[open.pop()];
      for (int i = 0; i < edges.length; i += 2) {
        if (empty.get(edges[i]) && !seen.get(edges[i + 1])) {
          seen.set(edges[i + 1]);
          open.push(edges[i + 1]);
        }
      }
    }
    return seen;
  }
}
