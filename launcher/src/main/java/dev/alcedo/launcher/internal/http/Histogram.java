// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/// How long things took, in buckets. Any thread.
final class Histogram {
  private static final double[] SECONDS = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300
  };

  private final LongAdder[] counts = new LongAdder[SECONDS.length + 1];
  private final LongAdder sumNanos = new LongAdder();

  Histogram() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  void add(Duration time) {
    double seconds = time.toNanos() / 1e9;
    int i = 0;
    while (i < SECONDS.length && seconds > SECONDS[i]) {
      i++;
    }
    counts[i].increment();
    sumNanos.add(time.toNanos());
  }

  /// In Prometheus's text format.
  void write(Exposition out, String name, String help) {
    out.family(name, "histogram", help);
    long count = 0;
    for (int i = 0; i < counts.length; i++) {
      count += counts[i].sum();
      String bound = i < SECONDS.length ? Double.toString(SECONDS[i]) : "+Inf";
      out.sample(name + "_bucket", "le=\"" + bound + "\"", count);
    }
    out.sample(name + "_sum", "", sumNanos.sum() / 1e9);
    out.sample(name + "_count", "", count);
  }
}
