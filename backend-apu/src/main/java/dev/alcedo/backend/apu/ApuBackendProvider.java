// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import dev.alcedo.backend.apu.internal.neuron.NeuronProbeMain;
import dev.alcedo.backend.apu.internal.probe.ChildProbe;
import dev.alcedo.backend.apu.internal.probe.NeuronLibraries;
import dev.alcedo.backend.apu.internal.probe.ProbeOutcome;
import dev.alcedo.backend.apu.internal.probe.ProbeOutcome.Answered;
import dev.alcedo.runtime.api.BackendUnavailableException;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Availability.Unavailable;
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

/// The backend `apu`. This version finds Neuron devices and reports them; it computes on none, so
/// [#probe()] never answers that they are available.
public final class ApuBackendProvider implements BackendProvider {
  private static final Logger LOG = LoggerFactory.getLogger(ApuBackendProvider.class);

  /// A child takes 0.3 s of CPU on a desktop, and 0.7 s were measured for the vendor's own start on
  /// a Genio 520 board; the rest is for slow and busy machines.
  private static final Duration CHILD_LIMIT = Duration.ofSeconds(5);

  private final Map<String, String> environment;
  private final String osName;
  private final Duration childLimit;

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
    if (!osName.equals("Linux")) { // Android's JVMs say so too
      return ProbeText.otherSystem(osName);
    }
    var libraries = new NeuronLibraries(environment, System.getProperties());
    if (libraries.isSwitchedOff()) {
      return ProbeText.switchedOff();
    }
    List<Path> files = libraries.files();
    return files.isEmpty() ? ProbeText.noFile(libraries) : ProbeText.of(tryInOrder(files));
  }

  /// A process for each library, so that one that aborts does not keep us from the next. Ends at
  /// the first acceptable one: a device may carry generations of the library side by side, best
  /// first.
  private Map<Path, ProbeOutcome> tryInOrder(List<Path> files) {
    var probe = new ChildProbe(NeuronProbeMain.class);
    var tried = new LinkedHashMap<Path, ProbeOutcome>();
    Duration left = childLimit.multipliedBy(2);
    for (Path file : files) {
      if (left.isNegative() || left.isZero()) {
        break;
      }
      long startNanos = System.nanoTime();
      ProbeOutcome outcome = probe.run(file, left.compareTo(childLimit) < 0 ? left : childLimit);
      left = left.minusNanos(System.nanoTime() - startNanos);
      LOG.debug("Neuron probe: {} {}", file, outcome);
      tried.put(file, outcome);
      if (outcome instanceof Answered answered && answered.version().isAccepted()) {
        break;
      }
    }
    return tried;
  }

  /// Never succeeds in this version.
  ///
  /// @throws BackendUnavailableException always, with the reason and remedy of [#probe()]
  @Override
  public Backend open(DeviceInfo device, BackendOptions options) {
    var unavailable = (Unavailable) probe();
    throw new BackendUnavailableException(
        "apu: %s; %s".formatted(unavailable.reason(), unavailable.remedy()));
  }
}
