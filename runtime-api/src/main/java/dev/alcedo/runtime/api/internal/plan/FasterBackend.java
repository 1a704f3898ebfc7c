// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.internal.plan.PlacementFile.Measured;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where a graph runs faster, on one backend or on the fallback: what was measured before for these
/// devices and this graph, or a measurement now.
final class FasterBackend {
  private static final Logger LOG = LoggerFactory.getLogger(FasterBackend.class);

  private final Devices.Choice asked;
  private final Backend fallback;
  private final String key;
  private final PlacementFile file;

  /// @param asked the backend to compare with `fallback`
  FasterBackend(Devices.Choice asked, Backend fallback, Graph graph, PlacementFile file) {
    this.asked = asked;
    this.fallback = fallback;
    this.key = key(asked.backend().device(), fallback.device(), graph);
    this.file = file;
  }

  /// What an earlier measurement came to.
  Optional<Measured> known() {
    return file.find(key)
        .filter(m -> m.backend().equals(asked.id()) || m.backend().equals(Devices.FALLBACK));
  }

  /// Measures both and keeps what came of it. A backend that fails is slower than any other.
  ///
  /// @param timing nanoseconds of a step
  Measured measure(
      CompiledGraph onAsked, CompiledGraph onFallback, ToLongFunction<CompiledGraph> timing) {
    long other = timing.applyAsLong(onFallback);
    Optional<Long> own = nanos(onAsked, timing);
    String reason =
        own.map(nanos ->
                "measured once: a step takes %.1f ms on %s and %.1f ms on %s"
                    .formatted(nanos / 1e6, asked.id(), other / 1e6, Devices.FALLBACK))
            .orElse("measured once: a step fails on " + asked.id());
    boolean isFallback = own.isEmpty() || own.get() >= other;
    var measured = new Measured(key, isFallback ? Devices.FALLBACK : asked.id(), reason);
    file.add(measured);
    return measured;
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
