// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.run;

import dev.alcedo.backend.apu.internal.lower.Range;
import dev.alcedo.backend.apu.internal.lower.Segment;
import dev.alcedo.runtime.api.graph.Graph;
import dev.alcedo.runtime.api.graph.Node;
import dev.alcedo.runtime.api.graph.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ranges of a segment's values as a text file beside the compiled networks: a heading, a line
/// `min max` for each value, `end`. The name is a hash of the segment and its weights, so that
/// ranges outlive drivers and are of no other model. A file that is damaged is as good as absent.
final class RangeFile {
  private static final Logger LOG = LoggerFactory.getLogger(RangeFile.class);
  private static final String HEADING = "alcedo activation ranges 1";
  private static final String END = "end";
  private static final int LINE_BYTES_MAX = 64;

  private final Optional<Path> path;

  private RangeFile(Optional<Path> path) {
    this.path = path;
  }

  /// @param directory empty for nowhere
  static RangeFile of(Optional<Path> directory, Segment segment, Graph graph) {
    return new RangeFile(directory.map(d -> d.resolve(name(segment, graph))));
  }

  private static String name(Segment segment, Graph graph) {
    MessageDigest digest = Digests.sha256();
    for (Node node : segment.nodes()) {
      digest.update(node.describe().getBytes(StandardCharsets.UTF_8));
      for (Value input : node.inputs()) {
        if (input.kind() == Value.Kind.CONSTANT) {
          Digests.update(digest, graph.constant(input).data());
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest()) + ".ranges";
  }

  /// The ranges of `values`, or nothing if they are not kept.
  Map<Value, Range> read(List<Value> values) {
    if (path.isEmpty() || !Files.isRegularFile(path.get())) {
      return Map.of();
    }
    try {
      if (Files.size(path.get()) <= (long) LINE_BYTES_MAX * (values.size() + 2)) {
        List<String> lines = Files.readAllLines(path.get(), StandardCharsets.US_ASCII);
        return parsed(lines, values);
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("reading {}", path.get(), e);
    }
    LOG.info("activation ranges {} are damaged, observing anew", path.get());
    return Map.of();
  }

  /// @throws IllegalArgumentException if they are not of this format
  private static Map<Value, Range> parsed(List<String> lines, List<Value> values) {
    if (lines.size() != values.size() + 2
        || !lines.getFirst().equals(HEADING)
        || !lines.getLast().equals(END)) {
      throw new IllegalArgumentException("not as many lines as values");
    }
    Map<Value, Range> ranges = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      String[] ends = lines.get(i + 1).split(" ");
      if (ends.length != 2) {
        throw new IllegalArgumentException("line %d is no range".formatted(i + 2));
      }
      ranges.put(values.get(i), new Range(Float.parseFloat(ends[0]), Float.parseFloat(ends[1])));
    }
    return ranges;
  }

  /// Keeps ranges; a failure to do so costs time at the next start and is only logged.
  void write(Map<Value, Range> ranges) {
    if (path.isEmpty()) {
      return;
    }
    var text = new StringBuilder(HEADING).append('\n');
    ranges.values().forEach(r -> text.append(r.min()).append(' ').append(r.max()).append('\n'));
    text.append(END).append('\n');
    try {
      Path directory = Files.createDirectories(path.get().getParent());
      Path part = Files.createTempFile(directory, "ranges", ".part");
      Files.writeString(part, text, StandardCharsets.US_ASCII);
      Files.move(
          part, path.get(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.info("activation ranges {} cannot be kept: {}", path.get(), e.toString());
    }
  }
}
