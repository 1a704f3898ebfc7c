// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.alcedo.backend.apu.internal.probe.ProbeMessage.Calling;
import dev.alcedo.backend.apu.internal.probe.ProbeMessage.Device;
import dev.alcedo.backend.apu.internal.probe.ProbeMessage.Done;
import dev.alcedo.backend.apu.internal.probe.ProbeMessage.Failed;
import dev.alcedo.backend.apu.internal.probe.ProbeMessage.Version;
import dev.alcedo.backend.apu.internal.probe.ProbeOutcome.Answered;
import dev.alcedo.backend.apu.internal.probe.ProbeOutcome.Died;
import dev.alcedo.backend.apu.internal.probe.ProbeOutcome.Refused;
import dev.alcedo.backend.apu.internal.probe.ProbeOutcome.TimedOut;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reading a child's output without a child.
class TranscriptTest {
  private static final Version VERSION = new Version(new NeuronVersion(8, 2, 24));

  @Test
  void messagesSurviveTheirLine() {
    List<ProbeMessage> all =
        List.of(
            new Calling("Neuron_getVersion"),
            VERSION,
            new Device("mtk-mdla", ""),
            new Device("mtk-vpu", "a description"),
            new Failed("why"),
            new Done());
    for (ProbeMessage message : all) {
      assertEquals(message, ProbeMessage.parse(message.format()));
    }
  }

  @Test
  void fieldsCannotBreakTheLineOrThePipe() {
    String line = new Device("a\tb\nc\u001b[2J", "\u20ac".repeat(5000)).format();
    assertEquals(1, line.lines().count());
    assertTrue(line.getBytes(StandardCharsets.UTF_8).length + 2 <= 4096, line);
    assertEquals("a b c [2J", ((Device) ProbeMessage.parse(line)).name());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alcedo-neuron-probe/1",
        "alcedo-neuron-probe/1\t",
        "alcedo-neuron-probe/2\tdone",
        "alcedo-neuron-probe/1 done",
        "alcedo-neuron-probe/1\tdone\t",
        "alcedo-neuron-probe/1\tcalling",
        "alcedo-neuron-probe/1\tdevice\tname",
        "alcedo-neuron-probe/1\tdevice\tname\tdescription\tmore",
        "alcedo-neuron-probe/1\tversion\t8.2",
        "alcedo-neuron-probe/1\tversion\t8.2.256",
        "alcedo-neuron-probe/1\tversion\t-8.2.2",
        "alcedo-neuron-probe/1\tversion\t8.2.2\u0661",
      })
  void anythingElseIsRefused(String line) {
    assertThrows(IllegalArgumentException.class, () -> ProbeMessage.parse(line));
    var outcome = transcript(text(VERSION, new Done()) + line + "\n").ended(0);
    assertInstanceOf(Refused.class, outcome);
  }

  @Test
  void completeAnswer() {
    var device = new Device("mtk-mdla", "");
    var transcript = transcript(text(VERSION, device, new Done()));
    assertEquals(new Answered(VERSION.version(), List.of(device)), transcript.ended(0));
  }

  @Test
  void placeOfDeathIsTheLastCall() {
    String text = text(new Calling("dlopen"), new Calling("Neuron_getVersion")) + "last words";
    assertEquals(
        new Died("SIGABRT", "Neuron_getVersion", "last words"), transcript(text).ended(134));
    assertEquals(
        new TimedOut(Duration.ofSeconds(5), "Neuron_getVersion"),
        transcript(text).killed(Duration.ofSeconds(5)));
  }

  @Test
  void signalThatTheJvmCaughtIsNamed() {
    String text = text(new Calling("dlopen")) + "#\n#  SIGBUS (0x7) at pc=0x0, pid=1, tid=2\n#\n";
    assertEquals(new Died("SIGBUS", "dlopen", ""), transcript(text).ended(134));
  }

  @Test
  void javaThatDoesNotStartIsNotBlamedOnTheLibrary() {
    var outcome = transcript("Error: Could not create the Java Virtual Machine.\n").ended(1);
    assertEquals(
        new Died(
            "exit status 1", "starting java", "Error: Could not create the Java Virtual Machine."),
        outcome);
  }

  @Test
  void silenceIsNoAnswer() {
    assertInstanceOf(Died.class, transcript("").ended(0));
    assertInstanceOf(Refused.class, transcript(text(new Done())).ended(0));
    assertInstanceOf(Refused.class, transcript(text(VERSION, new Done(), VERSION)).ended(0));
  }

  private static Transcript transcript(String text) {
    var transcript = new Transcript();
    text.lines().forEach(transcript::read);
    return transcript;
  }

  private static String text(ProbeMessage... messages) {
    return Arrays.stream(messages)
        .map(message -> "\n" + message.format() + "\n")
        .collect(Collectors.joining());
  }
}
