// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClDevice;
import dev.alcedo.backend.gpu.internal.opencl.ClKernel;
import dev.alcedo.backend.gpu.internal.opencl.ClProgram;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The programs of a device, each built when first needed and kept until closed. Any thread.
final class Programs implements AutoCloseable {
  private static final String FOLDER = "/dev/alcedo/backend/gpu/kernels/";

  private final ClDevice device;
  private final Map<Key, ClProgram> built = new HashMap<>();

  private record Key(List<String> sources, String options) {}

  Programs(ClDevice device) {
    this.device = device;
  }

  /// A kernel of its own for the caller, who closes it.
  ///
  /// @param sources names of `.cl` resources, in this order behind `common`
  /// @param options of the compiler, e.g. `-DROWS=4`
  /// @throws dev.alcedo.runtime.api.BackendException with the compiler's log if it does not compile
  synchronized ClKernel kernel(String name, List<String> sources, String options) {
    String all = "-cl-std=CL1.2 -DGROUP=%d %s".formatted(Tuning.GROUP, options).strip();
    return built
        .computeIfAbsent(
            new Key(sources, all),
            key -> device.build(String.join("+", key.sources()), text(key.sources()), all))
        .kernel(name);
  }

  private static String text(List<String> sources) {
    var text = new StringBuilder(read("common"));
    sources.forEach(source -> text.append(read(source)));
    return text.toString();
  }

  private static String read(String source) {
    try (InputStream in = Programs.class.getResourceAsStream(FOLDER + source + ".cl")) {
      if (in == null) {
        throw new IllegalStateException("no kernel source '%s'".formatted(source));
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    built.values().forEach(ClProgram::close);
    built.clear();
  }
}
