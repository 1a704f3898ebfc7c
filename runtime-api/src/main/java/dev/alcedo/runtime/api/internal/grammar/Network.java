// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.grammar;

/// A grammar as a recursive transition network: states of which edges lead on by a byte or by the
/// call of a rule, and where a rule may end. Steps without a byte are folded in already. Immutable.
///
/// @param byteEdges for each state, triples of first byte, last byte and target
/// @param callEdges for each state, pairs of called rule and the state to go on with
/// @param isFinal for each state, whether its rule may end there
/// @param starts for each rule, its first state
/// @param root the rule that answers follow
/// @param classes for each byte, a number that bytes share which no edge tells apart
/// @param classCount how many such numbers there are
@SuppressWarnings("ArrayRecordComponent") // never compared
record Network(
    int[][] byteEdges,
    int[][] callEdges,
    boolean[] isFinal,
    int[] starts,
    int root,
    int[] classes,
    int classCount) {
  /// Whether nothing but the rule's end follows.
  boolean isOnlyFinal(int state) {
    return isFinal[state] && byteEdges[state].length == 0 && callEdges[state].length == 0;
  }
}
