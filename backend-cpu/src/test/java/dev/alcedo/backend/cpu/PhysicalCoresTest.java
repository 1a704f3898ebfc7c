// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Counts cores in made-up machines.
class PhysicalCoresTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // allowed | siblings of processor 0, 1, ... | processors as Java counts | cores
        "0-3 | 0,2;1,3;0,2;1,3 | 4 | 2", // two cores of two threads
        "0-3 | 0;1;2;3 | 4 | 4", // no hardware threads
        "0,2 | 0,2;1,3;0,2;1,3 | 2 | 1", // pinned to one core
        "1-2 | 0,2;1,3;0,2;1,3 | 2 | 2", // pinned to halves of two
        "0-3 | 0;1;2;3 | 1 | 1", // a quota of one
        "0-7 | 0-1;0-1;2-3;2-3;4;5;6;7 | 8 | 6", // large and small cores
      })
  void hardwareThreadsOfACoreCountOnce(
      String allowed, String siblings, int processorCount, int expected) throws IOException {
    Path status = status("Name:\tjava\nCpus_allowed_list:\t" + allowed + "\nMems_allowed:\t1\n");
    String[] lists = siblings.split(";");
    for (int i = 0; i < lists.length; i++) {
      Path topology = Files.createDirectories(folder.resolve("cpu%d/topology".formatted(i)));
      Files.writeString(topology.resolve("thread_siblings_list"), lists[i] + "\n");
    }
    assertEquals(expected, PhysicalCores.count(folder, status, processorCount));
  }

  @Test
  void withoutThoseFilesJavasCountStands() throws IOException {
    assertEquals(3, PhysicalCores.count(folder, folder.resolve("missing"), 3));
    assertEquals(3, PhysicalCores.count(folder, status("Name:\tjava\n"), 3));
    assertEquals(3, PhysicalCores.count(folder, status("Cpus_allowed_list:\t0-2\n"), 3));
    assertEquals(3, PhysicalCores.count(folder, status("Cpus_allowed_list:\t2-0\n"), 3));
  }

  @Test
  void listsAreNumbersAndRanges() {
    var expected = new BitSet();
    expected.set(0, 4);
    expected.set(8);
    assertEquals(expected, PhysicalCores.list("0-3,8"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "1,,2", "3-1", "-1", "999999"})
  void otherTextsAreRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> PhysicalCores.list(text));
  }

  @Test
  void thisMachineHasAtLeastOneAndNoMoreThanProcessors() {
    int cores = PhysicalCores.count();
    assertTrue(cores >= 1 && cores <= Runtime.getRuntime().availableProcessors(), "" + cores);
  }

  private Path status(String text) throws IOException {
    return Files.writeString(folder.resolve("status"), text);
  }
}
