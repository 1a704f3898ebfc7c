// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import dev.alcedo.backend.apu.internal.probe.ProbeMessage;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The child process that probes one library and may die of it. Its standard streams are pipes to
/// the parent, not a console: messages go out, and the end of the input says that the parent is
/// gone.
public final class NeuronProbeMain {
  private NeuronProbeMain() {}

  /// Probes the library whose absolute path is the first argument, with memory of the kind that the
  /// second names.
  public static void main(String[] arguments) {
    Thread.ofPlatform().daemon().name("parent-watch").start(NeuronProbeMain::endWithParent);
    var out = new FileOutputStream(FileDescriptor.out);
    MemoryKind memory = MemoryKind.valueOf(arguments[1]);
    new NeuronProbe(message -> send(out, message), memory).run(arguments[0]);
    // Not by returning: threads that the library may have started would keep the process alive.
    Runtime.getRuntime().halt(0);
  }

  /// One write for each line, which a pipe does not split, and on a line of its own, although the
  /// library may have left one unfinished.
  private static void send(FileOutputStream out, ProbeMessage message) {
    try {
      out.write(("\n" + message.format() + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the parent is gone
    }
  }

  /// A library that hangs would otherwise keep this process forever if the parent is killed.
  private static void endWithParent() {
    try (var in = new FileInputStream(FileDescriptor.in)) {
      while (in.read() >= 0) {
        // the parent says nothing
      }
    } catch (IOException _) {
      // as good as the end
    }
    Runtime.getRuntime().halt(1);
  }
}
