// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.spi;

/// A graph made ready for one device. Runs are serial: one thread at a time. Closing twice does
/// nothing; use after close is an `IllegalStateException`.
public interface CompiledGraph extends AutoCloseable {
  /// Items that one run may have at most.
  int itemCountMax();

  /// Bytes that this compiled graph holds beyond the constants' own memory: repacked weights,
  /// intermediate values, device buffers.
  long residentBytes();

  /// Runs the graph and waits for the result. All inputs and outputs are bound; their memory holds
  /// at least `bindings.itemCount()` items and belongs to the caller. On an exception the content
  /// of outputs and of the KV cache at the positions of this run is undefined.
  ///
  /// @throws IllegalArgumentException if a port is unbound, or an item count or size does not fit
  /// @throws dev.alcedo.runtime.api.BackendException if the device fails
  void execute(Bindings bindings);

  @Override
  void close();
}
