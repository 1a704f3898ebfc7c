// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.examples.benchmarks.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.cpu.internal.vector.VectorKernels;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Param;

class KernelBenchmarksTest {
  /// One short iteration in this JVM: whether benchmarks start and are counted, not their speed.
  @Test
  void benchmarkIsMeasuredBesideThePeaks() throws Exception {
    List<String> lines =
        KernelBenchmarks.run(
                "RowBenchmark.add", "-f", "0", "-wi", "0", "-i", "1", "-r", "50ms", "-v", "SILENT")
            .toString()
            .lines()
            .toList();

    assertEquals(3, lines.size(), lines::toString);
    assertMatches(
        "peaks: N GB/s of memory, N GB/s of the first cache, N GFLOP/s \\(fma\\)", lines.get(0));
    assertMatches("add +N +- +N \\(N %\\) +-", lines.get(2));
  }

  private static void assertMatches(String format, String line) {
    String number = "[0-9]*[1-9.][0-9.]*";
    assertTrue(Pattern.matches(format.replace("N", number), line), line);
  }

  @Test
  void layersOfEveryDtypeThatIsReadAreMeasured() throws Exception {
    Param param = LinearBenchmark.class.getField("dtype").getAnnotation(Param.class);
    var kernels = new VectorKernels();

    assertEquals(
        Arrays.stream(DType.values())
            .filter(kernels::readsWeights)
            .map(DType::name)
            .collect(Collectors.toSet()),
        Set.of(param.value()));
  }
}
