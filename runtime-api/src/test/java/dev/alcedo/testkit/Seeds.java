// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import java.util.Random;

/// Where tests get randomness from. One base seed, fixed unless `-Dalcedo.seed=N` says otherwise;
/// each use derives its own from a name, so that adding a test does not change the others.
public final class Seeds {
  private static final long BASE = Long.getLong("alcedo.seed", 20_241_115L);

  private Seeds() {}

  /// A generator for the use called `name`.
  public static Random random(String name) {
    return new Random(BASE * 31 + name.hashCode());
  }

  /// What a failure message should end with.
  public static String reproduce() {
    return "reproduce with -Dalcedo.seed=%d -Dalcedo.cpu.vectorBits=%s"
        .formatted(BASE, System.getProperty("alcedo.cpu.vectorBits", "(default)"));
  }
}
