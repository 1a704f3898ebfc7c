// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a measurement was made on.
///
/// @param cpu the processor's name, as far as it is known
/// @param processors that this process may use, hardware threads counted
/// @param memoryBytes of the machine or container
/// @param os name, version and architecture
/// @param java version and virtual machine
/// @param javaFlags options that Java was started with
public record Machine(
    String cpu, int processors, long memoryBytes, String os, String java, List<String> javaFlags) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /// Copies the list.
  public Machine {
    javaFlags = List.copyOf(javaFlags);
  }

  /// This one.
  public static Machine here() {
    String architecture = System.getProperty("os.arch");
    return new Machine(
        cpu(architecture),
        Runtime.getRuntime().availableProcessors(),
        totalMemory(),
        "%s %s, %s"
            .formatted(
                System.getProperty("os.name"), System.getProperty("os.version"), architecture),
        "%s, %s".formatted(Runtime.version(), System.getProperty("java.vm.name")),
        ManagementFactory.getRuntimeMXBean().getInputArguments());
  }

  private static String cpu(String fallback) {
    try (var lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(fallback);
    } catch (IOException e) {
      return fallback;
    }
  }

  private static long totalMemory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean os
        ? os.getTotalMemorySize()
        : 0;
  }
}
