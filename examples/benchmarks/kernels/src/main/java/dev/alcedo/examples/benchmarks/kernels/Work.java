// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.examples.benchmarks.kernels;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// What the calls of a benchmark did. JMH reports each as a rate, beside calls a second.
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Work {
  /// Bytes of weights or of a KV cache, each counted once a call, that come from memory.
  public long memoryBytes;

  /// Bytes read and written that stay in the first cache.
  public long cacheBytes;

  /// Additions and multiplications of floats, or of what stands for them.
  public long flops;
}
