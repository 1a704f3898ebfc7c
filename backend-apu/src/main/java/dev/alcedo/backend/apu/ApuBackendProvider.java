// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import dev.alcedo.backend.apu.internal.neuron.MemoryKind;
import dev.alcedo.backend.apu.internal.neuron.NeuronProbeMain;
import dev.alcedo.backend.apu.internal.probe.ChildProbe;
import dev.alcedo.backend.apu.internal.probe.NeuronLibraries;
import dev.alcedo.backend.apu.internal.probe.ProbeOutcome;
import dev.alcedo.backend.apu.internal.probe.ProbeOutcome.Answered;
import dev.alcedo.backend.apu.internal.run.ApuBackend;
import dev.alcedo.backend.apu.internal.run.CircuitBreaker;
import dev.alcedo.runtime.api.BackendUnavailableException;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The backend `apu`: MediaTek's APUs through the Neuron Adapter. A library is loaded by this
/// process only after a child process has computed with it.
public final class ApuBackendProvider implements BackendProvider {
  private static final Logger LOG = LoggerFactory.getLogger(ApuBackendProvider.class);

  /// A child takes 0.3 s of CPU on a desktop, 0.7 s were measured for the vendor's own start on a
  /// Genio 520 board, and a network took 0.2 s to compile on a Dimensity 9400; the rest is for slow
  /// and busy machines: 5 s were not enough on one that was paused.
  private static final Duration CHILD_LIMIT = Duration.ofSeconds(20);

  private final Map<String, String> environment;
  private final String osName;
  private final Duration childLimit;
  private final CircuitBreaker breaker = new CircuitBreaker();
  private List<OfferedDevices.Offered> found = List.of();

  /// For `ServiceLoader`.
  public ApuBackendProvider() {
    this(System.getenv(), System.getProperty("os.name", "an unknown system"), CHILD_LIMIT);
  }

  /// @param childLimit how long one library may take; all together get twice that
  ApuBackendProvider(Map<String, String> environment, String osName, Duration childLimit) {
    this.environment = environment;
    this.osName = osName;
    this.childLimit = childLimit;
  }

  /// What a search came to.
  private record Search(List<OfferedDevices.Offered> offered, Availability answer) {
    static Search without(Availability.Unavailable answer) {
      return new Search(List.of(), answer);
    }
  }

  @Override
  public String id() {
    return "apu";
  }

  @Override
  public int weight() {
    return 300;
  }

  @Override
  public Availability probe() {
    return search().answer();
  }

  private synchronized Search search() {
    if (!osName.equals("Linux")) { // Android's JVMs say so too
      return Search.without(ProbeText.otherSystem(osName));
    }
    var libraries = new NeuronLibraries(environment, System.getProperties());
    if (libraries.isSwitchedOff()) {
      return Search.without(ProbeText.switchedOff());
    }
    String cause = breaker.cause();
    if (cause != null) {
      return Search.without(ProbeText.setAside(cause));
    }
    List<Path> files = libraries.files();
    if (files.isEmpty()) {
      return Search.without(ProbeText.noFile(libraries));
    }
    var settings = new ApuSettings(environment);
    Map<Path, ProbeOutcome> tried;
    try {
      tried = tryInOrder(files, settings.memory(), settings.timeout().orElse(childLimit));
    } catch (InvalidRequestException e) {
      return Search.without(ProbeText.setting(e));
    }
    found = OfferedDevices.of(tried, settings.device());
    return found.isEmpty()
        ? Search.without(ProbeText.of(tried, settings))
        : new Search(
            found,
            new Availability.Available(found.stream().map(OfferedDevices.Offered::info).toList()));
  }

  /// A process for each library, so that one that aborts does not keep us from the next. Ends at
  /// the first acceptable one: a device may carry generations of the library side by side, best
  /// first.
  private static Map<Path, ProbeOutcome> tryInOrder(
      List<Path> files, MemoryKind memory, Duration limit) {
    var probe = new ChildProbe(NeuronProbeMain.class, memory.name());
    var tried = new LinkedHashMap<Path, ProbeOutcome>();
    Duration left = limit.multipliedBy(2);
    for (Path file : files) {
      if (left.isNegative() || left.isZero()) {
        break;
      }
      long startNanos = System.nanoTime();
      ProbeOutcome outcome = probe.run(file, left.compareTo(limit) < 0 ? left : limit);
      left = left.minusNanos(System.nanoTime() - startNanos);
      LOG.debug("Neuron probe: {} {}", file, outcome);
      tried.put(file, outcome);
      if (outcome instanceof Answered answered && answered.version().isAccepted()) {
        break;
      }
    }
    return tried;
  }

  /// Opens a device that an earlier [#probe()] found, without another child.
  ///
  /// @throws BackendUnavailableException if there is no such device
  @Override
  public synchronized Backend open(DeviceInfo device, BackendOptions options) {
    if (found.isEmpty() && search().answer() instanceof Availability.Unavailable unavailable) {
      throw new BackendUnavailableException(
          "apu: %s; %s".formatted(unavailable.reason(), unavailable.remedy()));
    }
    for (OfferedDevices.Offered offered : found) {
      if (offered.info().id().equals(device.id())) {
        return new ApuBackend(
            device,
            offered.library(),
            offered.index(),
            new ApuSettings(environment).tuning(options),
            breaker);
      }
    }
    throw new BackendUnavailableException(
        "apu: no device '%s'; known: %s"
            .formatted(device.id(), found.stream().map(o -> o.info().id()).toList()));
  }
}
