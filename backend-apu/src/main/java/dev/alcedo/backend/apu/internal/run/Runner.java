// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.backend.apu.internal.lower.Source;
import java.util.List;

/// Runs a segment of a graph over the graph's buffers. One thread at a time.
interface Runner extends AutoCloseable {
  /// What runs have to bring.
  List<Source> sources();

  /// Bytes of weights in all networks compiled.
  long byteSize();

  /// Runs over the buffers' first `items` items.
  ///
  /// @throws dev.alcedo.runtime.api.BackendException if the driver fails
  void run(int items);

  /// Frees the networks, or leaves that to the driver's thread if it hangs.
  @Override
  void close();
}
