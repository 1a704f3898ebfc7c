// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.ResourceExhaustedException;
import dev.alcedo.runtime.api.VlmException;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A graph on a device that can be lost or run out of memory. The run in which that happens fails;
/// from then on everything that was on the device runs on the fallback, compiled when first needed.
/// KV caches are in host memory, so that conversations go on where they were.
final class ReplaceableGraph implements CompiledGraph {
  private static final Logger LOG = LoggerFactory.getLogger(ReplaceableGraph.class);

  private final Devices devices;
  private final Backend device;
  private final Function<Backend, CompiledGraph> compiler;
  private CompiledGraph active;
  private boolean isReplaced;
  private volatile boolean isClosed;

  /// @param device which `first` runs on
  /// @param compiler makes the same graph on the fallback
  ReplaceableGraph(
      Devices devices,
      Backend device,
      CompiledGraph first,
      Function<Backend, CompiledGraph> compiler) {
    this.devices = devices;
    this.device = device;
    this.active = first;
    this.compiler = compiler;
  }

  @Override
  public int itemCountMax() {
    return active.itemCountMax();
  }

  @Override
  public long residentBytes() {
    return active.residentBytes();
  }

  @Override
  public void execute(Bindings bindings) {
    if (!isReplaced && !isClosed && devices.isLost(device)) {
      replace();
    }
    try {
      active.execute(bindings);
    } catch (BackendException | ResourceExhaustedException e) {
      if (!isReplaced) {
        devices.lose(device, e);
      }
      throw e;
    }
  }

  private void replace() {
    CompiledGraph old = active;
    active = compiler.apply(devices.fallback().orElseThrow());
    isReplaced = true;
    try {
      Closing.closeAll(List.of(old));
    } catch (VlmException e) {
      LOG.debug("closing a graph of a lost device", e);
    }
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      active.close();
    }
  }
}
