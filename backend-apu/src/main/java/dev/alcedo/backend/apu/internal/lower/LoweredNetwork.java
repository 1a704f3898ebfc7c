// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.lower;

import dev.alcedo.backend.apu.internal.network.Network;
import java.util.List;

/// A network with what goes into it.
///
/// @param sources of each input, in order
public record LoweredNetwork(Network network, List<Source> sources) {
  /// Copies the list.
  public LoweredNetwork {
    sources = List.copyOf(sources);
  }
}
