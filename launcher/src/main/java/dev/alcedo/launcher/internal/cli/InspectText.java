// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import dev.alcedo.launcher.internal.message.InspectReply;
import dev.alcedo.launcher.internal.message.InspectReply.FileEntry;
import dev.alcedo.launcher.internal.message.InspectReply.MetadataEntry;
import dev.alcedo.launcher.internal.message.InspectReply.PartEntry;
import dev.alcedo.launcher.internal.message.InspectReply.TensorEntry;
import dev.alcedo.runtime.api.MemoryPlan;
import dev.alcedo.runtime.api.ModelInfo;
import dev.alcedo.runtime.api.Placement;
import java.util.ArrayList;
import java.util.List;

/// What is in a model file, as lines for people.
final class InspectText {
  private static final int VALUE_LENGTH_MAX = 120;

  private InspectText() {}

  static List<String> lines(InspectReply reply) {
    var lines = new ArrayList<String>();
    reply.files().forEach(file -> addFile(lines, file));
    ModelInfo info = reply.info();
    if (info != null) {
      addInfo(lines, info);
    } else if (reply.problem() != null) {
      lines.add("would not load: " + Printable.line(reply.problem()));
    }
    return lines;
  }

  private static void addFile(List<String> lines, FileEntry file) {
    lines.add("%s: %s".formatted(Printable.line(file.file()), Sizes.text(file.fileBytes())));
    lines.add("metadata (%d)".formatted(file.metadata().size()));
    file.metadata().forEach(entry -> lines.add("  " + line(entry)));
    lines.add("tensors (%d)".formatted(file.tensors().size()));
    file.tensors().forEach(tensor -> lines.add("  " + line(tensor)));
    lines.add("types");
    file.types()
        .forEach(type ->
            lines.add(
                "  %-8s %5d tensors %12s %6.1f %%"
                    .formatted(
                        type.dtype(),
                        type.tensors(),
                        Sizes.text(type.bytes()),
                        100 * type.share())));
    lines.add("what it is");
    file.parts().forEach(part -> lines.add("  " + line(part)));
    lines.add("");
  }

  private static void addInfo(List<String> lines, ModelInfo info) {
    lines.add("model        " + Printable.line(info.name()));
    lines.add(
        "encoder      " + (info.encoder().isEmpty() ? "none" : Printable.line(info.encoder())));
    lines.add(
        "context      %d positions a session, trained for %d"
            .formatted(info.contextLength(), info.contextLengthTrained()));
    MemoryPlan plan = info.memory();
    lines.add("memory       %s in all".formatted(Sizes.text(plan.totalBytes())));
    addMemory(lines, "weights", plan.weightsBytes());
    addMemory(lines, "intermediate values", plan.scratchBytes());
    addMemory(lines, "KV cache of a session", plan.kvBytesPerSession());
    if (!info.encoder().isEmpty()) {
      addMemory(lines, "image encoder", plan.encoderBytes());
      addMemory(lines, "  its intermediates", plan.encoderScratchBytes());
      addMemory(lines, "image tokens", plan.imageTokenBytes());
      addMemory(lines, "without the encoder", plan.restingBytes());
    }
    addMemory(lines, "Java besides", plan.processBytes());
    addMemory(lines, "the process at most", plan.peakBytes());
    lines.add("  %-22s %12s %12s %12s".formatted("by stage", "mapped", "resident", "scratch"));
    plan.stages()
        .forEach(s ->
            lines.add(
                "  %-22s %12s %12s %12s"
                    .formatted(
                        s.stage().id(),
                        Sizes.text(s.mappedBytes()),
                        Sizes.text(s.residentBytes()),
                        Sizes.text(s.scratchBytes()))));
    lines.add("placement");
    info.placement().forEach(placement -> addPlacement(lines, placement));
  }

  private static void addMemory(List<String> lines, String what, long bytes) {
    lines.add("  %-22s %12s".formatted(what, Sizes.text(bytes)));
  }

  private static void addPlacement(List<String> lines, Placement placement) {
    lines.add(
        "  %-18s %s, %s: %d nodes (%s)"
            .formatted(
                placement.stage().id(),
                placement.backend(),
                Printable.line(placement.device()),
                placement.nodeCount(),
                Printable.line(placement.reason())));
    placement.fallbacks().forEach(f -> lines.add("    on cpu instead: " + Printable.line(f)));
  }

  private static String line(PartEntry part) {
    return "%-11s%s%s"
        .formatted(
            part.role(), part.supported() ? "" : "not supported: ", Printable.line(part.text()));
  }

  private static String line(MetadataEntry entry) {
    Integer length = entry.length();
    String type = length == null ? entry.type() : entry.type().replace("[]", "[" + length + "]");
    String value = Printable.line(String.valueOf(entry.value()));
    if (value.length() > VALUE_LENGTH_MAX) {
      value = value.substring(0, VALUE_LENGTH_MAX) + "...";
    }
    return "%-44s %-16s %s".formatted(Printable.line(entry.key()), type, value);
  }

  private static String line(TensorEntry tensor) {
    return "%-44s %-8s %-20s %12s"
        .formatted(
            Printable.line(tensor.name()),
            tensor.dtype(),
            tensor.shape(),
            Sizes.text(tensor.bytes()));
  }
}
