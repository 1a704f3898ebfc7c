// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where a graph runs faster, on one backend or on the fallback: what was measured before for these
/// devices and this graph, or a measurement now.
final class FasterBackend {
  private static final Logger LOG = LoggerFactory.getLogger(FasterBackend.class);

  /// What a step that fails takes, in microseconds.
  private static final int FAILED = 999_999_999;

  private final Devices.Choice asked;
  private final Backend fallback;
  private final String key;
  private final Measurements measurements;

  /// What a measurement came to.
  ///
  /// @param backend which is faster
  /// @param reason one clause
  record Measured(String backend, String reason) {}

  /// @param asked the backend to compare with `fallback`
  FasterBackend(Devices.Choice asked, Backend fallback, Graph graph, Measurements measurements) {
    this.asked = asked;
    this.fallback = fallback;
    this.key = key(asked.backend().device(), fallback.device(), graph);
    this.measurements = measurements;
  }

  /// What an earlier measurement came to.
  Optional<Measured> known() {
    OptionalInt own = measurements.find(name(asked.id()));
    OptionalInt other = measurements.find(name(Devices.FALLBACK));
    return own.isPresent() && other.isPresent()
        ? Optional.of(compare(own.getAsInt(), other.getAsInt()))
        : Optional.empty();
  }

  /// Measures both and keeps what came of it. A backend that fails is slower than any other.
  ///
  /// @param timing nanoseconds of a step
  Measured measure(
      CompiledGraph onAsked, CompiledGraph onFallback, ToLongFunction<CompiledGraph> timing) {
    int other = micros(timing.applyAsLong(onFallback));
    int own = nanos(onAsked, timing).map(FasterBackend::micros).orElse(FAILED);
    measurements.remember(name(asked.id()), own);
    measurements.remember(name(Devices.FALLBACK), other);
    return compare(own, other);
  }

  private Measured compare(int own, int other) {
    String reason =
        own == FAILED
            ? "measured once: a step fails on " + asked.id()
            : "measured once: a step takes %.1f ms on %s and %.1f ms on %s"
                .formatted(own / 1e3, asked.id(), other / 1e3, Devices.FALLBACK);
    return new Measured(own < other ? asked.id() : Devices.FALLBACK, reason);
  }

  private String name(String backend) {
    return "microseconds of a step of %s on %s".formatted(key, backend);
  }

  private static int micros(long nanos) {
    return Math.clamp(nanos / 1000, 1, FAILED - 1);
  }

  private Optional<Long> nanos(CompiledGraph graph, ToLongFunction<CompiledGraph> timing) {
    try {
      return Optional.of(timing.applyAsLong(graph));
    } catch (VlmException e) {
      LOG.debug("measuring on {}", asked.id(), e);
      return Optional.empty();
    }
  }

  private static String key(DeviceInfo one, DeviceInfo other, Graph graph) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (DeviceInfo info : new DeviceInfo[] {one, other}) {
        digest.update(bytes("%s|%s|%s;".formatted(info.name(), info.driver(), info.features())));
      }
      for (Node node : graph.nodes()) {
        digest.update(bytes(node.describe()));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
