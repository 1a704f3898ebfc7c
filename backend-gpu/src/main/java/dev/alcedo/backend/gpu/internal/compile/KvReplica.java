// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.compile;

import dev.alcedo.backend.gpu.internal.opencl.ClBuffer;
import dev.alcedo.backend.gpu.internal.opencl.ClDevice;
import dev.alcedo.runtime.api.spi.KvCache;
import dev.alcedo.runtime.api.spi.KvLayout;
import dev.alcedo.runtime.api.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A KV cache on the device, a buffer for each layer: its keys, then its values, as in the cache.
/// The first positions are those of the host's; a run first brings what is missing of the positions
/// before it, and afterwards takes its own ones to the host, so that another backend can go on and
/// a lost device takes nothing along.
final class KvReplica implements KvCache.Replica {
  private final KvCache cache;
  private final List<ClBuffer> layers = new ArrayList<>();
  private final Consumer<KvReplica> onClose;
  private int validLength;

  /// @param onClose told when this is closed
  KvReplica(KvCache cache, ClDevice device, Consumer<KvReplica> onClose) {
    this.cache = cache;
    this.onClose = onClose;
    long planeBytes = cache.keys(0).byteSize();
    try {
      for (int i = 0; i < cache.layout().layerCount(); i++) {
        layers.add(
            device.allocate(
                2 * planeBytes, "the KV cache of %d positions".formatted(cache.capacity())));
      }
    } catch (RuntimeException | Error e) {
      layers.forEach(ClBuffer::close);
      throw e;
    }
  }

  /// Keys and values of a layer.
  ClBuffer layer(int layer) {
    return layers.get(layer);
  }

  /// Queues what is missing of the first `length` positions, and notes that later ones change.
  void begin(int length) {
    if (validLength < length) {
      for (int i = 0; i < layers.size(); i++) {
        ClBuffer.Rows rows = rows(validLength, length);
        long planeBytes = cache.keys(i).byteSize();
        layers.get(i).writeRows(0, cache.keys(i), rows);
        layers.get(i).writeRows(planeBytes, cache.values(i), rows);
      }
    }
    validLength = length;
  }

  /// A run is done: the first `length` positions are here and on the host.
  void end(int length) {
    validLength = length;
  }

  /// A run failed, perhaps before what was queued had been done.
  void forget() {
    validLength = 0;
  }

  private ClBuffer.Rows rows(int from, int to) {
    KvLayout layout = cache.layout();
    DType dtype = layout.dtype();
    long positionBytes = dtype.bytes(layout.headLength());
    return new ClBuffer.Rows(
        from * positionBytes,
        (to - from) * positionBytes,
        cache.capacity() * positionBytes,
        layout.headCountKv());
  }

  @Override
  public void staleFrom(int position) {
    validLength = Math.min(validLength, position);
  }

  @Override
  public void close() {
    layers.forEach(ClBuffer::close);
    onClose.accept(this);
  }
}
