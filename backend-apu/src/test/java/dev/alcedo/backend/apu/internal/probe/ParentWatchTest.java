// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.apu.FakeNeuron;
import dev.alcedo.backend.apu.Simulator;
import dev.alcedo.backend.apu.internal.neuron.MemoryKind;
import dev.alcedo.backend.apu.internal.neuron.NeuronProbeMain;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A child whose library hangs must not outlive a parent that was killed.
class ParentWatchTest {
  @TempDir Path directory;

  @BeforeAll
  static void compiler() {
    Simulator.assumeCompiler();
  }

  @Test
  void childEndsWithItsParent() throws Exception {
    Path library = FakeNeuron.build("HANG", directory.resolve("libneuron_adapter.so"));
    var command = new ArrayList<>(JavaCommand.of(NeuronProbeMain.class));
    command.add(library.toString());
    command.add(MemoryKind.PLAIN.name());
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      awaitCall(child, "Neuron_getVersion");
      assertTrue(child.isAlive());
      child.getOutputStream().close(); // what the kernel does when a parent dies
      assertTrue(child.waitFor(60, TimeUnit.SECONDS), "the child lives on");
      assertEquals(1, child.exitValue());
    } finally {
      child.destroyForcibly();
    }
  }

  private static void awaitCall(Process child, String call) throws Exception {
    var output = new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8);
    String expected = new ProbeMessage.Calling(call).format();
    assertTrue(new BufferedReader(output).lines().anyMatch(expected::equals), "never called");
  }
}
