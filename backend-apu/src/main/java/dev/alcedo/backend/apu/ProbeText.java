// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu;

import dev.alcedo.backend.apu.internal.neuron.MemoryKind;
import dev.alcedo.backend.apu.internal.probe.NeuronLibraries;
import dev.alcedo.backend.apu.internal.probe.ProbeOutcome;
import dev.alcedo.backend.apu.internal.probe.ProbeOutcome.Answered;
import dev.alcedo.runtime.api.InvalidRequestException;
import dev.alcedo.runtime.api.spi.Availability.Unavailable;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Says in one sentence each what was found and what to do about it.
final class ProbeText {
  private static final String CPU = "the cpu backend runs everything without it";

  private ProbeText() {}

  static Unavailable switchedOff() {
    return unavailable(
        "the Neuron Adapter is switched off by %s=%s"
            .formatted(NeuronLibraries.VARIABLE, NeuronLibraries.NONE),
        "unset %s to have it looked for; %s".formatted(NeuronLibraries.VARIABLE, CPU));
  }

  static Unavailable otherSystem(String osName) {
    return unavailable(
        "MediaTek's Neuron Adapter exists for Linux and Android only, and this is " + osName,
        "nothing to install; " + CPU);
  }

  static Unavailable noFile(NeuronLibraries libraries) {
    String looked = String.join(", ", libraries.names());
    boolean isPath = libraries.names().getFirst().contains("/");
    return unavailable(
        isPath
            ? "no Neuron Adapter library: there is no file " + looked
            : "no Neuron Adapter library: none of %s in %s"
                .formatted(looked, String.join(", ", libraries.directories())),
        "on a MediaTek device with an APU, install the vendor's NeuroPilot package or name its"
            + " library in %s; elsewhere nothing to install: %s"
                .formatted(NeuronLibraries.VARIABLE, CPU));
  }

  static Unavailable setting(InvalidRequestException problem) {
    return new Unavailable(
        problem.getMessage(), "correct or unset it; " + CPU, Optional.of(problem));
  }

  static Unavailable setAside(String cause) {
    return unavailable(
        "the Neuron driver is set aside for this process: " + cause,
        "start anew, or update the device's NeuroPilot package; " + CPU);
  }

  /// @param tried each library with what came of it, in the order of the attempts
  /// @param settings what was asked for
  static Unavailable of(Map<Path, ProbeOutcome> tried, ApuSettings settings) {
    String list =
        tried.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue().describe())
            .collect(Collectors.joining("; "));
    boolean hasDevice =
        tried.values().stream()
            .anyMatch(
                outcome -> outcome instanceof Answered answered && !answered.devices().isEmpty());
    if (hasDevice) {
      return unavailable(
          "no Neuron device %s: %s"
              .formatted(
                  settings.device().map("called '%s'"::formatted).orElse("that is an APU"), list),
          "name a device by a part of its name in %s; %s".formatted(ApuSettings.DEVICE, CPU));
    }
    return unavailable(
        "no usable Neuron Adapter: " + list,
        "%supdate the device's NeuroPilot package, or name another library in %s (%s to stop looking); %s"
            .formatted(
                settings.memory() == MemoryKind.FD
                    ? "try %s=plain, ".formatted(ApuSettings.MEMORY)
                    : "",
                NeuronLibraries.VARIABLE,
                NeuronLibraries.NONE,
                CPU));
  }

  private static Unavailable unavailable(String reason, String remedy) {
    return new Unavailable(reason, remedy, Optional.empty());
  }
}
