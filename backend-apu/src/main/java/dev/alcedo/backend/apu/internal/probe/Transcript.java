// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.probe;

import dev.alcedo.backend.apu.internal.probe.ProbeMessage.Calling;
import dev.alcedo.backend.apu.internal.probe.ProbeMessage.Device;
import dev.alcedo.backend.apu.internal.probe.ProbeMessage.Done;
import dev.alcedo.backend.apu.internal.probe.ProbeMessage.Failed;
import dev.alcedo.backend.apu.internal.probe.ProbeMessage.Version;
import dev.alcedo.backend.apu.internal.probe.ProbeOutcome.Answered;
import dev.alcedo.backend.apu.internal.probe.ProbeOutcome.Died;
import dev.alcedo.backend.apu.internal.probe.ProbeOutcome.Refused;
import dev.alcedo.backend.apu.internal.probe.ProbeOutcome.TimedOut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes what a child prints, line by line: our messages strictly, everything between them as the
/// vendor's talk, of which only the last line is kept. One thread may read while another asks.
final class Transcript {
  /// A JVM that catches a signal prints its name and ends in its own way.
  private static final Pattern CAUGHT_SIGNAL = Pattern.compile("#\\s+(SIG[A-Z]+) \\(0x.*");

  /// More than the child ever sends.
  private static final int DEVICE_COUNT_MAX = 256;

  private final List<Device> devices = new ArrayList<>();
  private Optional<NeuronVersion> version = Optional.empty();
  private Optional<String> failure = Optional.empty();
  private Optional<String> garbled = Optional.empty();
  private Optional<String> caughtSignal = Optional.empty();
  private boolean isDone;
  private String where = "starting java";
  private String lastWords = "";

  /// The next line, without its end.
  synchronized void read(String line) {
    if (!line.startsWith(ProbeMessage.NAME)) {
      hear(line);
      return;
    }
    try {
      accept(ProbeMessage.parse(line));
    } catch (IllegalArgumentException e) {
      garbled = Optional.of(e.getMessage());
    }
  }

  private void accept(ProbeMessage message) {
    if (isDone || failure.isPresent() || devices.size() > DEVICE_COUNT_MAX) {
      throw new IllegalArgumentException("a message after the last, or far too many");
    }
    switch (message) {
      case Calling(String call) -> where = call;
      case Version(NeuronVersion value) -> version = Optional.of(value);
      case Device device -> devices.add(device);
      case Failed(String why) -> failure = Optional.of(why);
      case Done() -> {
        if (version.isEmpty()) {
          throw new IllegalArgumentException("done without a version");
        }
        isDone = true;
        where = "exit(), after all answers";
      }
    }
  }

  private void hear(String line) {
    Matcher caught = CAUGHT_SIGNAL.matcher(line);
    if (caught.matches()) {
      caughtSignal = Optional.of(caught.group(1));
    }
    String words = ProbeMessage.clean(line);
    if (!words.isEmpty() && !words.startsWith("#") && caughtSignal.isEmpty()) {
      lastWords = words;
    }
  }

  /// What it means that the child ended by itself with `status`.
  synchronized ProbeOutcome ended(int status) {
    if (garbled.isPresent()) {
      return new Refused("its probe printed what is no message: " + garbled.get());
    }
    if (status != 0 || caughtSignal.isPresent()) {
      return new Died(caughtSignal.orElseGet(() -> ExitStatus.describe(status)), where, lastWords);
    }
    if (failure.isPresent()) {
      return new Refused(failure.get());
    }
    return isDone
        ? new Answered(version.orElseThrow(), devices)
        : new Died(ExitStatus.describe(status), where, lastWords);
  }

  /// What it means that the child had to be killed.
  synchronized ProbeOutcome killed(Duration limit) {
    return new TimedOut(limit, where);
  }
}
