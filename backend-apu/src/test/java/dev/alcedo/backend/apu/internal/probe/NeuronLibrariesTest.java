// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The search order, with empty files: nothing is loaded.
class NeuronLibrariesTest {
  @TempDir Path directory;

  @Test
  void nameComesBeforeDirectory() throws Exception {
    Path first = Files.createDirectory(directory.resolve("first"));
    Path second = Files.createDirectory(directory.resolve("second"));
    Path plain = Files.createFile(first.resolve("libneuron_adapter.so"));
    Path best = Files.createFile(second.resolve("libneuronusdk_adapter.mtk.so"));
    var properties = new Properties();
    properties.setProperty("jna.library.path", first.toString());
    var libraries = new NeuronLibraries(Map.of("LD_LIBRARY_PATH", ":" + second), properties);
    assertEquals(List.of(best, plain), ours(libraries));
  }

  @Test
  void oneFileUnderSeveralNamesIsTriedOnce() throws Exception {
    Path file = Files.createFile(directory.resolve("libneuronusdk_adapter.so"));
    Files.createSymbolicLink(directory.resolve("libneuron_adapter.so"), file);
    Files.createSymbolicLink(directory.resolve("libneuron_adapter.mtk.so"), directory);
    assertEquals(List.of(file), ours(libraries(Map.of())));
  }

  @Test
  void chosenNameIsTheOnlyOne() throws Exception {
    Files.createFile(directory.resolve("libneuron_adapter.so"));
    Path other = Files.createFile(directory.resolve("libother.so"));
    assertEquals(List.of(other), ours(libraries(Map.of(NeuronLibraries.VARIABLE, "libother.so"))));
    assertEquals(
        List.of(other), libraries(Map.of(NeuronLibraries.VARIABLE, other.toString())).files());
    assertTrue(libraries(Map.of(NeuronLibraries.VARIABLE, "libnone.so")).files().isEmpty());
  }

  private NeuronLibraries libraries(Map<String, String> more) {
    var environment = new HashMap<>(more);
    environment.put("LD_LIBRARY_PATH", directory.toString());
    return new NeuronLibraries(environment, new Properties());
  }

  /// Without what a MediaTek machine may have of its own.
  private List<Path> ours(NeuronLibraries libraries) {
    return libraries.files().stream().filter(file -> file.startsWith(directory)).toList();
  }
}
