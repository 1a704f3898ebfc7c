// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.probe;

import dev.alcedo.backend.apu.internal.probe.ProbeMessage.Device;
import java.time.Duration;
import java.util.List;

/// What came of probing one library in a child process.
public sealed interface ProbeOutcome {
  /// The library answered all questions and let its process end in peace.
  ///
  /// @param version of the library; if it is not accepted, devices were not asked for
  /// @param devices in the library's order
  record Answered(NeuronVersion version, List<Device> devices) implements ProbeOutcome {
    /// Copies the list.
    public Answered {
      devices = List.copyOf(devices);
    }
  }

  /// The library cannot be loaded or refused a call, or the child could not do its work.
  ///
  /// @param why one line
  record Refused(String why) implements ProbeOutcome {}

  /// The child died.
  ///
  /// @param how signal or exit status
  /// @param where the native call it was in
  /// @param lastWords the last line that the library printed, or empty
  record Died(String how, String where, String lastWords) implements ProbeOutcome {}

  /// The child did not end in time and was killed.
  ///
  /// @param limit the time it had
  /// @param where the native call it was in
  record TimedOut(Duration limit, String where) implements ProbeOutcome {}

  /// What a person wants to read, as the rest of a sentence that starts with the library's path.
  default String describe() {
    return switch (this) {
      case Answered(NeuronVersion version, _) when !version.isAccepted() ->
          "is version %s, and %s is the oldest that Alcedo can use"
              .formatted(version, NeuronVersion.OLDEST_ACCEPTED);
      case Answered(NeuronVersion version, List<Device> devices) when devices.isEmpty() ->
          "(version %s) lists no device".formatted(version);
      case Answered(NeuronVersion version, List<Device> devices) ->
          "(version %s) lists %s"
              .formatted(
                  version, String.join(", ", devices.stream().map(ProbeOutcome::device).toList()));
      case Refused(String why) -> "cannot be used: " + why;
      case Died(String how, String where, String lastWords) ->
          "ended its process with %s in %s%s"
              .formatted(how, where, lastWords.isEmpty() ? "" : ", saying \"" + lastWords + "\"");
      case TimedOut(Duration limit, String where) ->
          "did not come back from %s within %.1f s".formatted(where, limit.toMillis() / 1000.0);
    };
  }

  private static String device(Device device) {
    return device.description().isEmpty()
        ? "'%s'".formatted(device.name())
        : "'%s' (%s)".formatted(device.name(), device.description());
  }
}
