// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu;

import dev.alcedo.backend.gpu.internal.cache.ProgramFiles;
import dev.alcedo.backend.gpu.internal.compile.GpuBackend;
import dev.alcedo.backend.gpu.internal.opencl.ClDevice;
import dev.alcedo.backend.gpu.internal.opencl.LibraryReport;
import dev.alcedo.backend.gpu.internal.opencl.OpenClProbe;
import dev.alcedo.runtime.api.BackendUnavailableException;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.spi.Availability;
import dev.alcedo.runtime.api.spi.Backend;
import dev.alcedo.runtime.api.spi.BackendOptions;
import dev.alcedo.runtime.api.spi.BackendProvider;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The backend `gpu`: OpenCL devices. GPUs are offered always, devices of other kinds (PoCL's CPU)
/// only where [OfferedDevices#VARIABLE] asks for them, since `cpu` is faster there.
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

  /// What a search came to.
  private record Search(List<OfferedDevices.Offered> offered, Availability answer) {
    static Search without(Availability.Unavailable answer) {
      return new Search(List.of(), answer);
    }
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
    return search().answer();
  }

  /// @throws BackendUnavailableException if there is no such device any more
  @Override
  public Backend open(DeviceInfo device, BackendOptions options) {
    Search search = search();
    for (OfferedDevices.Offered offered : search.offered()) {
      if (offered.key().id().equals(device.id())) {
        return new GpuBackend(
            device,
            ClDevice.open(offered.key()),
            offered.device().isGpu(),
            offered.features(),
            new ProgramFiles(options.cacheDirectory()));
      }
    }
    throw new BackendUnavailableException(
        switch (search.answer()) {
          case Availability.Unavailable(String reason, String remedy, _) ->
              "gpu: %s; %s".formatted(reason, remedy);
          case Availability.Available(var devices) ->
              "gpu: no device '%s'; known: %s"
                  .formatted(device.id(), devices.stream().map(DeviceInfo::id).toList());
        });
  }

  private Search search() {
    if (!osName.equals("Linux")) { // Android's JVMs say so too
      return Search.without(ProbeText.otherSystem(osName));
    }
    List<String> libraries = LibraryNames.of(environment);
    if (libraries.isEmpty()) {
      return Search.without(ProbeText.switchedOff());
    }
    Optional<Throwable> jnaFailure = OpenClProbe.startJna();
    if (jnaFailure.isPresent()) {
      return Search.without(ProbeText.withoutJna(jnaFailure.get()));
    }
    List<LibraryReport> reports = OpenClProbe.run(libraries);
    reports.forEach(report -> LOG.debug("OpenCL probe: {}", report));
    List<OfferedDevices.Offered> offered;
    try {
      offered = OfferedDevices.of(reports, environment);
    } catch (InvalidRequestException e) {
      return Search.without(ProbeText.wrongFeatures(e.getMessage()));
    }
    return offered.isEmpty()
        ? Search.without(ProbeText.of(reports))
        : new Search(
            offered,
            new Availability.Available(
                offered.stream().map(OfferedDevices.Offered::info).toList()));
  }
}
