// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.session;

import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Value;
import dev.alcedo.runtime.api.internal.family.TextModel;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import dev.alcedo.runtime.api.spi.Support;
import dev.alcedo.runtime.api.tensor.TensorView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Computes nothing, so that every logit is 0 and the first token is drawn, and notes what the
/// blocks of a decoder are run on.
final class RecordingBackend implements BackendProvider, Backend {
  final List<Run> runs = new CopyOnWriteArrayList<>();
  int blockItemCountMax;

  /// One run of the blocks: its spans, e.g. `5+3` or `8+4 both ways`, and the rotary positions of
  /// its items.
  record Run(List<String> spans, List<List<Integer>> turns) {}

  @Override
  public String id() {
    return "recording";
  }

  @Override
  public int weight() {
    return 1;
  }

  @Override
  public Availability probe() {
    return new Availability.Available(List.of(device()));
  }

  @Override
  public Backend open(DeviceInfo device, BackendOptions options) {
    return this;
  }

  @Override
  public DeviceInfo device() {
    return new DeviceInfo("0", "recording", "none", 0, List.of());
  }

  @Override
  public Support supports(Node node) {
    return Support.SUPPORTED;
  }

  @Override
  public CompiledGraph compile(Graph graph, int itemCountMax) {
    boolean isBlocks = graph.inputs().stream().anyMatch(v -> v.name().equals(TextModel.POSITIONS));
    if (isBlocks) {
      blockItemCountMax = itemCountMax;
    }
    return new CompiledGraph() {
      @Override
      public int itemCountMax() {
        return itemCountMax;
      }

      @Override
      public long residentBytes() {
        return 0;
      }

      @Override
      public void execute(Bindings bindings) {
        if (isBlocks) {
          runs.add(run(graph.port(TextModel.POSITIONS), bindings));
        }
      }

      @Override
      public void close() {}
    };
  }

  private static Run run(Value positions, Bindings bindings) {
    List<String> spans =
        bindings.spans().stream()
            .map(
                s -> s.position() + "+" + s.itemCount() + (s.isBidirectional() ? " both ways" : ""))
            .toList();
    int count = positions.shape().cols();
    List<List<Integer>> turns = new ArrayList<>();
    for (int item = 0; item < bindings.itemCount(); item++) {
      List<Integer> one = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        long at = 4L * (item * count + i);
        one.add(bindings.view(positions).data().get(TensorView.I32_LE, at));
      }
      turns.add(one);
    }
    return new Run(spans, turns);
  }

  @Override
  public void close() {}
}
