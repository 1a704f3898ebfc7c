// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.bus.Json;
import dev.alcedo.launcher.internal.bus.LocalEngine;
import dev.alcedo.launcher.internal.message.DevicesReply;
import dev.alcedo.launcher.internal.message.DevicesReply.BackendEntry;
import dev.alcedo.runtime.api.AlcedoOptions;
import dev.alcedo.runtime.api.spi.DeviceInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Shows what can compute here.
@Command(
    name = "devices",
    description = "Shows every backend with its devices, or why it cannot run here.",
    footer = {"", "Example:", "  alcedo devices"})
final class DevicesCommand extends EngineCommand {
  @Option(names = "--json", description = "Print JSON.")
  private boolean isJson;

  DevicesCommand(CommandContext context) {
    super(context);
  }

  @Override
  ExitStatus execute() {
    try (LocalEngine engine = engine(AlcedoOptions.DEFAULTS)) {
      DevicesReply reply = Replies.await(engine.client().devices());
      if (isJson) {
        console().println(Json.text(reply));
      } else {
        reply.backends().forEach(this::show);
      }
    }
    return ExitStatus.OK;
  }

  private void show(BackendEntry backend) {
    if (!backend.available()) {
      line(backend.id(), "unavailable: " + backend.reason());
      line("", "remedy: " + backend.remedy());
      return;
    }
    line(backend.id(), "available");
    backend.devices().forEach(this::show);
  }

  private void show(DeviceInfo device) {
    line("", "device %s: %s (%s)".formatted(device.id(), device.name(), device.driver()));
    if (device.memoryBytes() > 0) {
      line("", "memory: " + Sizes.text(device.memoryBytes()));
    }
    if (!device.features().isEmpty()) {
      line("", "features: " + String.join(", ", device.features()));
    }
  }

  private void line(String name, String text) {
    console().println("%-12s".formatted(name) + Printable.line(text));
  }
}
