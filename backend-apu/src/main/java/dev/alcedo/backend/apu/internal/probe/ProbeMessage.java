// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.probe;

import java.util.List;

/// One line from the child to its parent: a prefix, a verb and its fields, separated by tabs.
///
/// The child sends [Calling] before each native call, so that the parent can say where the child
/// died; [Version] and a [Device] each as they become known; and [Done] or [Failed] as the last.
public sealed interface ProbeMessage {
  /// Starts every line of ours; the vendor's libraries print to the same stream.
  String NAME = "alcedo-neuron-probe/";

  /// The first field: the name and the version of this protocol.
  String PREFIX = NAME + "1";

  /// Lines stay below the size that a pipe takes in one piece (4096 bytes), UTF-8 included.
  int FIELD_CHARS_MAX = 600;

  /// A native call comes next.
  ///
  /// @param call its C name
  record Calling(String call) implements ProbeMessage {}

  /// What `Neuron_getVersion` answered.
  ///
  /// @param version of the library
  record Version(NeuronVersion version) implements ProbeMessage {}

  /// One device.
  ///
  /// @param name e.g. `mtk-mdla`
  /// @param description empty where the library has none
  record Device(String name, String description) implements ProbeMessage {}

  /// All has been said.
  record Done() implements ProbeMessage {}

  /// The library cannot be used.
  ///
  /// @param message why
  record Failed(String message) implements ProbeMessage {}

  /// The line, without line ends.
  default String format() {
    List<String> fields =
        switch (this) {
          case Calling(String call) -> List.of("calling", call);
          case Version(NeuronVersion version) -> List.of("version", version.toString());
          case Device(String name, String description) -> List.of("device", name, description);
          case Done() -> List.of("done");
          case Failed(String message) -> List.of("failed", message);
        };
    return PREFIX + "\t" + String.join("\t", fields.stream().map(ProbeMessage::clean).toList());
  }

  /// Reads a line that starts with [#NAME].
  ///
  /// @throws IllegalArgumentException if it is none of ours
  static ProbeMessage parse(String line) {
    String[] fields = line.split("\t", -1);
    if (!fields[0].equals(PREFIX) || fields.length < 2) {
      throw new IllegalArgumentException("expected " + PREFIX + " and a verb");
    }
    String shape = fields[1] + "/" + (fields.length - 2);
    return switch (shape) {
      case "calling/1" -> new Calling(clean(fields[2]));
      case "version/1" -> new Version(NeuronVersion.parse(fields[2]));
      case "device/2" -> new Device(clean(fields[2]), clean(fields[3]));
      case "done/0" -> new Done();
      case "failed/1" -> new Failed(clean(fields[2]));
      default -> throw new IllegalArgumentException("unknown message " + clean(shape));
    };
  }

  /// Control characters and runs of blanks become one blank: a field holds no separator, and what a
  /// driver says cannot steer a terminal. Cut to [#FIELD_CHARS_MAX].
  static String clean(String text) {
    String clean = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
    return clean.length() <= FIELD_CHARS_MAX ? clean : clean.substring(0, FIELD_CHARS_MAX);
  }
}
