// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Where caches go.
class EnvironmentTest {
  private static Optional<Path> cacheFolder(Map<String, String> variables) {
    return new Environment(variables, false, false, false, Optional.empty()).cacheFolder();
  }

  @Test
  void cachesAreTheUsersUnlessToldOtherwise() {
    Map<String, String> home = Map.of("HOME", "/home/a");
    assertEquals(Optional.of(Path.of("/home/a/.cache/alcedo")), cacheFolder(home));
    assertEquals(
        Optional.of(Path.of("/b/alcedo")),
        cacheFolder(Map.of("HOME", "/home/a", "XDG_CACHE_HOME", "/b")));
    assertEquals(
        Optional.of(Path.of("/home/a/.cache/alcedo")),
        cacheFolder(Map.of("HOME", "/home/a", "XDG_CACHE_HOME", "relative")));
    assertEquals(
        Optional.of(Path.of("/c")),
        cacheFolder(Map.of("HOME", "/home/a", "XDG_CACHE_HOME", "/b", "ALCEDO_CACHE", "/c")));
    assertEquals(Optional.empty(), cacheFolder(Map.of("HOME", "/home/a", "ALCEDO_CACHE", "none")));
    assertEquals(Optional.empty(), cacheFolder(Map.of()));
  }
}
