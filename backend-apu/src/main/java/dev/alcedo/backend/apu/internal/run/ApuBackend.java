// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import dev.alcedo.runtime.api.spi.GraphChecks;
import dev.alcedo.runtime.api.spi.GraphMemory;
import dev.alcedo.runtime.api.spi.Support;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One Neuron device that compiles and runs graphs.
public final class ApuBackend implements Backend {
  private static final Logger LOG = LoggerFactory.getLogger(ApuBackend.class);

  private final DeviceInfo info;
  private final Tuning tuning;
  private final CircuitBreaker breaker;
  private final Driver driver;
  private final Queries queries;
  private final AttentionNetworks attentionNetworks;
  private volatile boolean isClosed;

  /// Opens device `index` of library `file`.
  ///
  /// @throws BackendException if library or device cannot be opened, or the driver is set aside
  public ApuBackend(DeviceInfo info, Path file, int index, Tuning tuning, CircuitBreaker breaker) {
    this.info = info;
    this.tuning = tuning;
    this.breaker = breaker;
    breaker.check();
    this.driver = new Driver(file, index, info.name(), tuning);
    try {
      this.queries = new Queries(driver, tuning.precision());
    } catch (RuntimeException | Error e) {
      driver.close();
      throw e;
    }
    this.attentionNetworks = new AttentionNetworks(driver, tuning.precision());
  }

  @Override
  public DeviceInfo device() {
    return info;
  }

  @Override
  public Support supports(Node node) {
    return queries.supports(node);
  }

  @Override
  public GraphMemory memory(Graph graph, int itemCountMax) {
    return widened(graph, itemCountMax).memory(itemCountMax);
  }

  @Override
  public Optional<String> remark(Graph graph) {
    List<String> remarks =
        Stream.of(widened(graph, Integer.MAX_VALUE).remark(), driver.memoryRemark())
            .flatMap(Optional::stream)
            .toList();
    return remarks.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", remarks));
  }

  private WidenedWeights widened(Graph graph, int itemCountMax) {
    int count = tuning.bucketsUpTo(itemCountMax).size();
    return new WidenedWeights(graph, tuning.precision(), count);
  }

  @Override
  public CompiledGraph compile(Graph graph, int itemCountMax) {
    if (isClosed) {
      throw new IllegalStateException("backend '%s' is closed".formatted(info.name()));
    }
    GraphChecks.compilable(this, graph, itemCountMax);
    return guarded(() -> new ApuGraph(graph, itemCountMax, this));
  }

  /// Does `work` unless the driver is set aside, and takes note of what came of it.
  <T> T guarded(Supplier<T> work) {
    breaker.check();
    try {
      T result = work.get();
      breaker.succeeded();
      return result;
    } catch (VlmException e) {
      breaker.failed(e, driver.isHung());
      throw e;
    }
  }

  Tuning tuning() {
    return tuning;
  }

  Driver driver() {
    return driver;
  }

  AttentionNetworks attentionNetworks() {
    return attentionNetworks;
  }

  boolean hasRmsNorm() {
    return queries.hasRmsNorm();
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      try {
        attentionNetworks.close();
      } catch (BackendException e) {
        LOG.debug("freeing attention networks", e);
      }
      try {
        driver.close();
      } catch (BackendException e) {
        LOG.debug("closing the driver", e);
      }
    }
  }
}
