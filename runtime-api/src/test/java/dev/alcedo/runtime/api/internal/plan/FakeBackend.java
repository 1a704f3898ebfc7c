// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.runtime.api.internal.plan;

import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Op;
import dev.alcedo.runtime.api.graph.Value;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A backend that computes Add and Scale over one-row items, supports what it is told to, and notes
/// what it is given.
final class FakeBackend implements BackendProvider, Backend {
  private final String id;
  private final int weight;
  private final Set<Class<? extends Op>> supported;
  final List<Graph> graphs = new ArrayList<>();
  int openCount;
  int openGraphCount;
  boolean isClosed;
  boolean failsOnCompile;
  boolean failsOnRun;
  boolean failsOnClose;
  boolean leavesProcessorIdle;

  FakeBackend(String id, int weight, Set<Class<? extends Op>> supported) {
    this.id = id;
    this.weight = weight;
    this.supported = supported;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public int weight() {
    return weight;
  }

  @Override
  public Availability probe() {
    return new Availability.Available(List.of(device()));
  }

  @Override
  public Backend open(DeviceInfo device, BackendOptions options) {
    openCount++;
    return this;
  }

  @Override
  public DeviceInfo device() {
    return new DeviceInfo("0", id + " device", "none", 0, List.of());
  }

  @Override
  public Support supports(Node node) {
    return supported.contains(node.op().getClass())
        ? Support.SUPPORTED
        : Support.unsupported("%s lacks %s".formatted(id, node.op().opName()));
  }

  @Override
  public boolean leavesProcessorIdle() {
    return leavesProcessorIdle;
  }

  @Override
  public CompiledGraph compile(Graph graph, int itemCountMax) {
    if (failsOnCompile) {
      throw new OutOfMemoryError("as told");
    }
    graphs.add(graph);
    openGraphCount++;
    return new Interpreted(graph, itemCountMax);
  }

  @Override
  public void close() {
    isClosed = true;
    if (failsOnClose) {
      throw new IllegalStateException(id + " cannot close");
    }
  }

  private final class Interpreted implements CompiledGraph {
    private final Graph graph;
    private final int itemCountMax;
    private boolean isOpen = true;

    Interpreted(Graph graph, int itemCountMax) {
      this.graph = graph;
      this.itemCountMax = itemCountMax;
    }

    @Override
    public int itemCountMax() {
      return itemCountMax;
    }

    @Override
    public long residentBytes() {
      return 1000;
    }

    @Override
    public void execute(Bindings bindings) {
      if (failsOnRun) {
        throw new BackendException(id + " is lost");
      }
      int items = bindings.itemCount();
      Map<Value, float[]> known = new HashMap<>();
      graph.inputs().forEach(v -> known.put(v, read(bindings.view(v), v, items)));
      graph.constants().forEach((v, view) -> known.put(v, view.toFloats()));
      for (Node node : graph.nodes()) {
        float[] a = known.get(node.inputs().getFirst());
        var out = new float[a.length];
        for (int i = 0; i < out.length; i++) {
          out[i] =
              switch (node.op()) {
                case Op.Scale(float factor) -> factor * a[i];
                case Op.Add _ -> {
                  float[] b = known.get(node.inputs().get(1));
                  yield a[i] + b[i % b.length];
                }
                default -> throw new AssertionError(node.describe());
              };
        }
        known.put(node.output(), out);
      }
      for (Value output : graph.outputs()) {
        float[] values = known.get(output);
        for (int i = 0; i < values.length; i++) {
          bindings.view(output).data().set(TensorView.F32_LE, 4L * i, values[i]);
        }
      }
    }

    private static float[] read(TensorView view, Value port, int items) {
      var out = new float[Math.toIntExact(port.shape().elementCount() * items)];
      for (int i = 0; i < out.length; i++) {
        out[i] = view.data().get(TensorView.F32_LE, 4L * i);
      }
      return out;
    }

    @Override
    public void close() {
      if (isOpen) {
        isOpen = false;
        openGraphCount--;
      }
    }
  }
}
