// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.synth;

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): quick, and any number is a good start, so that
/// every piece of a tensor has a sequence of its own. Written out here because files must be the
/// same on every version of Java.
final class SplitMix {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  SplitMix(long seed) {
    state = seed;
  }

  /// The start of a sequence that depends on all of `parts`.
  static SplitMix of(long... parts) {
    long state = 0;
    for (long part : parts) {
      state = mix(state + part + GOLDEN_GAMMA);
    }
    return new SplitMix(state);
  }

  long next() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /// Evenly from 0 to `bound - 1`.
  int below(int bound) {
    return (int) ((next() >>> 32) * bound >>> 32);
  }

  private static long mix(long z) {
    long y = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    long x = (y ^ y >>> 27) * 0x94D049BB133111EBL;
    return x ^ x >>> 31;
  }
}
