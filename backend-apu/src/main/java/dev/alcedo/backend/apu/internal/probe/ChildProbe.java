// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.probe;

import dev.alcedo.backend.apu.internal.probe.ProbeOutcome.Refused;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Has a library probed by a child process and watches over it: the vendor's stack is known to
/// abort its process, and a hang would take the caller with it.
public final class ChildProbe {
  /// Twice what our own lines can have. Vendors' libraries may log without end, and not in lines.
  private static final int LINE_BYTES_MAX = 8192;

  /// For output that is still in the pipe when the child is gone.
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(1);

  private final List<String> command;
  private final String memory;

  /// Children run `main`, whose arguments are the library's path and `memory`, and which prints
  /// lines of [ProbeMessage].
  ///
  /// @param memory the kind to try
  public ChildProbe(Class<?> main, String memory) {
    this.command = JavaCommand.of(main);
    this.memory = memory;
  }

  /// Probes one library. Blocks until the child has ended or `limit` is over; then it is killed.
  ///
  /// @param library absolute path
  public ProbeOutcome run(Path library, Duration limit) {
    var line = new ArrayList<>(command);
    line.add(library.toString());
    line.add(memory);
    var builder = new ProcessBuilder(line).redirectErrorStream(true);
    // A debugger's or profiler's agent wants this process, and its port is taken.
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    try {
      return watch(builder.start(), limit);
    } catch (IOException e) {
      return new Refused(
          "it is probed by a process of its own, which does not start: " + e.getMessage());
    }
  }

  private static ProbeOutcome watch(Process child, Duration limit) {
    var transcript = new Transcript();
    Thread reader =
        Thread.ofPlatform()
            .daemon()
            .name("neuron-probe-reader")
            .start(() -> read(child.getInputStream(), transcript));
    try {
      boolean hasEnded = child.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!hasEnded) {
        kill(child);
      }
      reader.join(DRAIN_LIMIT);
      return hasEnded ? transcript.ended(child.exitValue()) : transcript.killed(limit);
    } catch (InterruptedException _) {
      kill(child);
      Thread.currentThread().interrupt();
      return new Refused("probing it was interrupted");
    }
  }

  private static void kill(Process child) {
    child.descendants().forEach(ProcessHandle::destroyForcibly);
    child.destroyForcibly();
  }

  /// Reads to the end, whatever the amount, so that a talkative library does not block.
  private static void read(InputStream in, Transcript transcript) {
    var line = new ByteArrayOutputStream();
    try (var bytes = new BufferedInputStream(in)) {
      for (int b = bytes.read(); b >= 0; b = bytes.read()) {
        if (b == '\n') {
          transcript.read(line.toString(StandardCharsets.UTF_8));
          line.reset();
        } else if (line.size() < LINE_BYTES_MAX) {
          line.write(b);
        }
      }
    } catch (IOException _) {
      // The child is gone; what has been read is what there is.
    }
    transcript.read(line.toString(StandardCharsets.UTF_8));
  }
}
