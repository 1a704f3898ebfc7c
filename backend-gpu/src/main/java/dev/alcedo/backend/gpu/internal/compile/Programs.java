// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.cache.ProgramFiles;
import dev.alcedo.backend.gpu.internal.cache.ProgramKey;
import dev.alcedo.backend.gpu.internal.opencl.ClDevice;
import dev.alcedo.backend.gpu.internal.opencl.ClKernel;
import dev.alcedo.backend.gpu.internal.opencl.ClProgram;
import dev.alcedo.runtime.api.BackendException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The programs of a device, each made when first needed and kept until closed: loaded where an
/// earlier process left it compiled, else compiled. Any thread.
final class Programs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Programs.class);
  private static final String FOLDER = "/dev/alcedo/backend/gpu/kernels/";

  private final ClDevice device;
  private final ProgramFiles files;
  private final Features features;
  private final Map<Key, ClProgram> made = new HashMap<>();

  private record Key(List<String> sources, String options) {
    String name() {
      return String.join("+", sources);
    }
  }

  Programs(ClDevice device, ProgramFiles files, Features features) {
    this.device = device;
    this.files = files;
    this.features = features;
  }

  /// A kernel of its own for the caller, who closes it.
  ///
  /// @param sources names of `.cl` resources, in this order behind `common`
  /// @param options of the compiler, e.g. `-DROWS=4`
  /// @throws BackendException with the compiler's log if it does not compile
  synchronized ClKernel kernel(String name, List<String> sources, String options) {
    String all = "%s -DGROUP=%d %s".formatted(features.language(), Tuning.GROUP, options).strip();
    return made.computeIfAbsent(new Key(sources, all), this::make).kernel(name);
  }

  private ClProgram make(Key key) {
    String source = text(key.sources());
    var fileKey = ProgramKey.of(device.facts().identity(), key.options(), source);
    String options = "%s %s".formatted(key.options(), SelfTest.option(fileKey.number()));
    Optional<ClProgram> loaded =
        files.read(fileKey).flatMap(binary -> load(key, fileKey, binary, options));
    return loaded.orElseGet(() -> compile(key, fileKey, source, options));
  }

  private Optional<ClProgram> load(Key key, ProgramKey fileKey, byte[] binary, String options) {
    try {
      ClProgram program = device.load(key.name(), binary, options);
      try {
        if (SelfTest.isPassed(device, program, fileKey.number())) {
          return Optional.of(program);
        }
      } catch (RuntimeException e) {
        program.close();
        throw e;
      }
      program.close();
      files.delete(fileKey, "wrong, as its self-test says");
    } catch (BackendException e) {
      files.delete(fileKey, "of no use: " + e.getMessage());
    }
    return Optional.empty();
  }

  private ClProgram compile(Key key, ProgramKey fileKey, String source, String options) {
    ClProgram program = device.build(key.name(), source, options);
    try {
      files.write(fileKey, program.binary());
    } catch (BackendException e) {
      LOG.debug("program {} cannot be kept: {}", key.name(), e.getMessage());
    }
    return program;
  }

  private String text(List<String> sources) {
    var text = new StringBuilder();
    features.sources().forEach(source -> text.append(read(source)));
    text.append(read("common"));
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
    made.values().forEach(ClProgram::close);
    made.clear();
  }
}
