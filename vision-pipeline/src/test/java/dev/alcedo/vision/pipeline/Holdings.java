// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.vision.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/// What this process holds that no garbage collection of ours frees by itself: the engine's
/// threads, native memory, mapped files, open files.
///
/// @param threads names of the engine's threads, sorted
/// @param buffers pieces of native memory
/// @param bufferBytes their bytes
/// @param mappings mapped pieces of files
/// @param modelFiles descriptors of model files, where the system tells
record Holdings(
    List<String> threads, long buffers, long bufferBytes, long mappings, long modelFiles) {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Pattern OTHER =
      Pattern.compile("- +Other \\(.*\\)\\s+\\(malloc=(?<bytes>\\d+)[^#\\n]*#(?<count>\\d+)");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  static Holdings now() {
    Matcher memory = nativeMemory();
    return new Holdings(
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.startsWith("alcedo-"))
            .sorted()
            .toList(),
        Long.parseLong(memory.group("count")),
        Long.parseLong(memory.group("bytes")),
        mappingCount(),
        modelFileCount());
  }

  /// What is held once nothing changes any more, garbage apart.
  static Holdings quiet() throws InterruptedException {
    Holdings held = now();
    for (int sameCount = 0; sameCount < 3; ) {
      System.gc();
      Thread.sleep(50);
      Holdings next = now();
      sameCount = next.equals(held) ? sameCount + 1 : 0;
      held = next;
    }
    return held;
  }

  /// What is held once that is `expected`, or still when patience ends. Packed weights are given up
  /// to the garbage collector, so it is called.
  static Holdings settled(Holdings expected) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Holdings held = now();
    while (!held.equals(expected) && System.nanoTime() < end) {
      System.gc();
      Thread.sleep(20);
      held = now();
    }
    return held;
  }

  /// What the virtual machine says of memory that was allocated through it and not for itself. Java
  /// counts memory of arenas nowhere else.
  private static Matcher nativeMemory() {
    String report = nativeMemoryReport();
    Matcher matcher = OTHER.matcher(report);
    if (!matcher.find()) {
      throw new AssertionError(
          "run with -XX:NativeMemoryTracking=summary, got: " + report.lines().findFirst());
    }
    return matcher;
  }

  private static String nativeMemoryReport() {
    try {
      return (String)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "vmNativeMemory",
                  new Object[] {new String[] {"summary", "scale=B"}},
                  new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new AssertionError(e);
    }
  }

  private static long mappingCount() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("mapped"))
        .mapToLong(BufferPoolMXBean::getCount)
        .sum();
  }

  private static long modelFileCount() {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return 0;
    }
    try (var all = Files.list(DESCRIPTORS)) {
      return all.filter(Holdings::isModelFile).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isModelFile(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().endsWith(".gguf");
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }
}
