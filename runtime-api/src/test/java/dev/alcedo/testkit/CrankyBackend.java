// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.testkit;

import dev.alcedo.runtime.api.BackendException;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.Bindings;
import dev.alcedo.runtime.api.spi.CompiledGraph;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import dev.alcedo.runtime.api.spi.KvCache;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// A backend around another that fails when told to, and then leaves behind what the contract
/// allows: garbage at the KV cache positions of the failed run.
public final class CrankyBackend implements BackendProvider {
  private static final byte GARBAGE = (byte) 0xFF; // NaN in every float format

  private final BackendProvider inner;
  private final Countdown runs = new Countdown();
  private final Countdown compiles = new Countdown();

  /// Around the backend of `inner`, under the id `cranky-` and the id of `inner`.
  public CrankyBackend(BackendProvider inner) {
    this.inner = inner;
  }

  /// Lets the `n`-th run from now fail, 1 being the next, with what `failure` gives.
  public void failRun(int n, Supplier<? extends Throwable> failure) {
    runs.set(n, failure);
  }

  /// Lets the `n`-th run from now fail with a [BackendException], 1 being the next.
  public void failRun(int n) {
    failRun(n, () -> new BackendException("cranky: run failed as told"));
  }

  /// Lets the `n`-th compilation from now fail with a [BackendException], 1 being the next.
  public void failCompile(int n) {
    compiles.set(n, () -> new BackendException("cranky: compilation failed as told"));
  }

  @Override
  public String id() {
    return "cranky-" + inner.id();
  }

  @Override
  public int weight() {
    return 0;
  }

  @Override
  public Availability probe() {
    return inner.probe();
  }

  @Override
  public Backend open(DeviceInfo device, BackendOptions options) {
    return new CrankyDevice(inner.open(device, options));
  }

  /// Fails at zero.
  private static final class Countdown {
    private final AtomicInteger left = new AtomicInteger();
    private volatile Supplier<? extends Throwable> failure = AssertionError::new;

    void set(int n, Supplier<? extends Throwable> what) {
      failure = what;
      left.set(n);
    }

    boolean isOver() {
      return left.get() > 0 && left.decrementAndGet() == 0;
    }

    void fail() {
      CrankyBackend.<RuntimeException>sneak(failure.get());
    }
  }

  /// Throws anything: backends must not throw checked exceptions, but broken ones may.
  @SuppressWarnings("unchecked") // the cast is to a type variable, which is not checked
  private static <T extends Throwable> void sneak(Throwable e) throws T {
    throw (T) e;
  }

  private static void garble(Bindings.Span span) {
    KvCache cache = span.cache();
    long rowBytes = cache.layout().dtype().bytes(cache.layout().headLength());
    for (int layer = 0; layer < cache.layout().layerCount(); layer++) {
      for (int head = 0; head < cache.layout().headCountKv(); head++) {
        long at = ((long) head * cache.capacity() + span.position()) * rowBytes;
        for (MemorySegment plane : new MemorySegment[] {cache.keys(layer), cache.values(layer)}) {
          plane.asSlice(at, span.itemCount() * rowBytes).fill(GARBAGE);
        }
      }
    }
  }

  private final class CrankyDevice extends ForwardingBackend {

    CrankyDevice(Backend backend) {
      super(backend);
    }

    @Override
    public CompiledGraph compile(Graph graph, int itemCountMax) {
      if (compiles.isOver()) {
        compiles.fail();
      }
      return new CrankyGraph(super.compile(graph, itemCountMax));
    }
  }

  private final class CrankyGraph extends ForwardingGraph {

    CrankyGraph(CompiledGraph compiled) {
      super(compiled);
    }

    @Override
    public void execute(Bindings bindings) {
      super.execute(bindings);
      if (runs.isOver()) {
        bindings.spans().forEach(CrankyBackend::garble);
        runs.fail();
      }
    }
  }
}
