// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.alcedo.runtime.api.InvalidRequestException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Options that servers and workers share take their defaults from the environment in both.
class EnvironmentDefaultsTest {
  @Command(name = "worker")
  private static final class Worker {
    @Mixin private SlotArguments slots = new SlotArguments();
    @Mixin private ClusterArguments cluster = new ClusterArguments();
  }

  @Command(name = "server")
  private static final class Server {
    @Mixin private ServerArguments server = new ServerArguments();
  }

  private static Environment environment(Map<String, String> variables) {
    return new Environment(variables, false, false, false, Optional.empty());
  }

  private static <T> T parse(T command, Map<String, String> variables, String... arguments) {
    new CommandLine(command)
        .setDefaultValueProvider(new EnvironmentDefaults(environment(variables)))
        .parseArgs(arguments);
    return command;
  }

  @Test
  void slotsAreTheSameForServersAndWorkers() {
    var variables = Map.of("ALCEDO_PARALLEL", "7", "ALCEDO_ALIAS", "m");
    assertEquals(7, parse(new Server(), variables).server.slots().count());
    assertEquals("m", parse(new Server(), variables).server.slots().modelName("a.gguf"));
    assertEquals(7, parse(new Worker(), variables).slots.count());
    assertEquals("m", parse(new Worker(), variables).slots.modelName("a.gguf"));
    assertEquals(3, parse(new Worker(), variables, "--parallel", "3").slots.count());
    assertEquals("a", parse(new Worker(), Map.of()).slots.modelName("a.gguf"));
  }

  @Test
  void whereNodesListenToo() {
    var variables = Map.of("ALCEDO_CLUSTER_HOST", "10.0.0.7");
    assertEquals("10.0.0.7", parse(new Worker(), variables).cluster.host());
  }

  @Test
  void slotsAreBounded() {
    SlotArguments slots = parse(new Worker(), Map.of("ALCEDO_PARALLEL", "257")).slots;
    var e = assertThrows(InvalidRequestException.class, slots::count);
    assertEquals("--parallel: expected 1 to 256, got 257", e.getMessage());
  }
}
