// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.alcedo.backend.apu.Simulator;
import dev.alcedo.backend.apu.internal.network.NeuronOperation;
import dev.alcedo.backend.apu.internal.network.NeuronType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sizes, offsets and codes of the binding against those that the C compiler gives the adapter's
/// declarations.
class AbiTest {
  @TempDir Path directory;

  @Test
  void structsAndCodesAreThoseOfTheHeader() throws Exception {
    Simulator.assumeCompiler();
    Map<String, Integer> expected = new LinkedHashMap<>();
    expected.put("sizeof(NeuronOperandType)", OperandTypeStruct.SIZE);
    expected.put("offsetof(NeuronOperandType, type)", OperandTypeStruct.TYPE);
    expected.put("offsetof(NeuronOperandType, dimensionCount)", OperandTypeStruct.DIMENSION_COUNT);
    expected.put("offsetof(NeuronOperandType, dimensions)", OperandTypeStruct.DIMENSIONS);
    expected.put("offsetof(NeuronOperandType, scale)", OperandTypeStruct.SCALE);
    expected.put("offsetof(NeuronOperandType, zeroPoint)", OperandTypeStruct.ZERO_POINT);
    expected.put("sizeof(NeuronSymmPerChannelQuantParams)", ChannelScalesStruct.SIZE);
    expected.put(
        "offsetof(NeuronSymmPerChannelQuantParams, channelDim)", ChannelScalesStruct.CHANNEL_DIM);
    expected.put(
        "offsetof(NeuronSymmPerChannelQuantParams, scaleCount)", ChannelScalesStruct.SCALE_COUNT);
    expected.put("offsetof(NeuronSymmPerChannelQuantParams, scales)", ChannelScalesStruct.SCALES);
    expected.put("sizeof(NeuronRuntimeVersion)", Neuron.VERSION_BYTES);
    expected.put("sizeof(bool)", 1);
    expected.put("sizeof(size_t)", Long.BYTES);
    for (NeuronOperation operation : NeuronOperation.values()) {
      if (operation != NeuronOperation.MTKEXT_RMS_NORMALIZATION) {
        expected.put(operation.name(), operation.code());
      }
    }
    for (NeuronType type : NeuronType.values()) {
      if (type != NeuronType.EXTENSION_NAME) {
        expected.put(type.name(), type.code());
      }
    }
    assertEquals(expected, compiled(List.copyOf(expected.keySet())));
  }

  private Map<String, Integer> compiled(List<String> expressions) throws Exception {
    var source =
        new StringBuilder("#include <stdio.h>\n#include \"neuron_adapter.h\"\nint main(void) {\n");
    for (String expression : expressions) {
      source.append("  printf(\"%d\\n\", (int)(").append(expression).append("));\n");
    }
    Path file = Files.writeString(directory.resolve("abi.c"), source.append("}\n"));
    Path program = directory.resolve("abi");
    Path header = Path.of(System.getProperty("basedir", ""), "src", "test", "native");
    run(
        "gcc",
        "-std=gnu11",
        "-I",
        header.toAbsolutePath().toString(),
        "-o",
        program + "",
        file + "");
    List<String> lines = run(program.toString());
    Map<String, Integer> values = new LinkedHashMap<>();
    for (int i = 0; i < expressions.size(); i++) {
      values.put(expressions.get(i), Integer.parseInt(lines.get(i)));
    }
    return values;
  }

  private static List<String> run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.lines().toList();
  }
}
