// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.runtime.api.MemoryPlan;
import dev.alcedo.runtime.api.ModelOptions;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.Session;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The limit on what a model takes, on the real engine.
class SessionMemoryTest {
  @TempDir Path folder;

  @Test
  void loadsWithinTheLimitAndNotAByteBelow() {
    ModelOptions options = SessionFixture.toy(folder, "cpu-scalar");
    long planned;
    try (SessionFixture free = SessionFixture.open(options)) {
      planned = free.model().info().memory().totalBytes();
    }
    try (SessionFixture exact = SessionFixture.open(options.withMemoryBytesMax(planned));
        Session first = exact.session()) {
      assertTrue(first.contextLength() > 0);
      String message = assertThrows(ResourceExhaustedException.class, exact::session).getMessage();
      assertTrue(message.contains("close sessions"), message);
    }
    assertThrows(
        ResourceExhaustedException.class,
        () -> SessionFixture.open(options.withMemoryBytesMax(planned - 1)));
  }

  @Test
  void namesTheContextWhereTheCacheIsTooLarge() {
    ModelOptions options = SessionFixture.toy(folder, "cpu-scalar");
    MemoryPlan plan;
    int half;
    try (SessionFixture free = SessionFixture.open(options)) {
      plan = free.model().info().memory();
      half = free.model().info().contextLength() / 2;
    }
    long tight = plan.totalBytes() - plan.kvBytesPerSession() / 2;
    String message =
        assertThrows(
                ResourceExhaustedException.class,
                () -> SessionFixture.open(options.withMemoryBytesMax(tight)))
            .getMessage();
    assertTrue(message.endsWith("lower --context or raise --max-memory"), message);
    try (SessionFixture fitting =
        SessionFixture.open(options.withContextLength(half).withMemoryBytesMax(tight))) {
      assertTrue(fitting.model().info().memory().totalBytes() <= tight);
    }
  }
}
