// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import dev.alcedo.backend.gpu.internal.opencl.LibraryReport;
import dev.alcedo.backend.gpu.internal.opencl.OpenClProbe;
import dev.alcedo.runtime.api.BackendUnavailableException;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Availability.Unavailable;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The backend `gpu`. This version finds OpenCL devices and reports them; it computes on none, so
/// [#probe()] never answers that they are available.
public final class GpuBackendProvider implements BackendProvider {
  private static final Logger LOG = LoggerFactory.getLogger(GpuBackendProvider.class);

  private final Map<String, String> environment;
  private final String osName;

  /// For `ServiceLoader`.
  public GpuBackendProvider() {
    this(System.getenv(), System.getProperty("os.name", "an unknown system"));
  }

  GpuBackendProvider(Map<String, String> environment, String osName) {
    this.environment = environment;
    this.osName = osName;
  }

  @Override
  public String id() {
    return "gpu";
  }

  @Override
  public int weight() {
    return 200;
  }

  @Override
  public Availability probe() {
    if (!osName.equals("Linux")) { // Android's JVMs say so too
      return ProbeText.otherSystem(osName);
    }
    List<String> libraries = LibraryNames.of(environment);
    if (libraries.isEmpty()) {
      return ProbeText.switchedOff();
    }
    Optional<Throwable> jnaFailure = OpenClProbe.startJna();
    if (jnaFailure.isPresent()) {
      return ProbeText.withoutJna(jnaFailure.get());
    }
    List<LibraryReport> reports = OpenClProbe.run(libraries);
    reports.forEach(report -> LOG.debug("OpenCL probe: {}", report));
    return ProbeText.of(reports);
  }

  /// Never succeeds in this version.
  ///
  /// @throws BackendUnavailableException always, with the reason and remedy of [#probe()]
  @Override
  public Backend open(DeviceInfo device, BackendOptions options) {
    var unavailable = (Unavailable) probe();
    throw new BackendUnavailableException(
        "gpu: %s; %s".formatted(unavailable.reason(), unavailable.remedy()));
  }
}
