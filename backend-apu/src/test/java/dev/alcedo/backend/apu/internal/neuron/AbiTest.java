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
    assertEquals(
        expected, compiled("#include \"neuron_adapter.h\"\n", List.copyOf(expected.keySet())));
  }

  @Test
  void memoryCallsAreThoseOfTheSystemsHeaders() throws Exception {
    Simulator.assumeCompiler();
    Map<String, Integer> expected = new LinkedHashMap<>();
    expected.put("PROT_READ", Posix.PROT_READ);
    expected.put("PROT_WRITE", Posix.PROT_WRITE);
    expected.put("MAP_SHARED", Posix.MAP_SHARED);
    expected.put("MFD_CLOEXEC", Posix.MFD_CLOEXEC);
    expected.put("O_RDONLY", Posix.O_RDONLY);
    expected.put("O_RDWR", Posix.O_RDWR);
    expected.put("O_CLOEXEC", Posix.O_CLOEXEC);
    expected.put("EINTR", Posix.EINTR);
    expected.put("EAGAIN", Posix.EAGAIN);
    expected.put("sizeof(off_t)", Long.BYTES);
    expected.put("DMA_HEAP_IOCTL_ALLOC", (int) DmaHeap.DMA_HEAP_IOCTL_ALLOC);
    expected.put("sizeof(struct dma_heap_allocation_data)", DmaHeap.ALLOCATION_SIZE);
    expected.put("offsetof(struct dma_heap_allocation_data, len)", DmaHeap.LEN);
    expected.put("offsetof(struct dma_heap_allocation_data, fd)", DmaHeap.FD);
    expected.put("offsetof(struct dma_heap_allocation_data, fd_flags)", DmaHeap.FD_FLAGS);
    expected.put("DMA_BUF_IOCTL_SYNC", (int) DmaHeap.DMA_BUF_IOCTL_SYNC);
    expected.put("sizeof(struct dma_buf_sync)", Long.BYTES);
    expected.put("DMA_BUF_SYNC_RW", (int) DmaHeap.DMA_BUF_SYNC_RW);
    expected.put("DMA_BUF_SYNC_START", (int) DmaHeap.DMA_BUF_SYNC_START);
    expected.put("DMA_BUF_SYNC_END", (int) DmaHeap.DMA_BUF_SYNC_END);
    String headers =
        """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <linux/dma-buf.h>
        #include <linux/dma-heap.h>
        #include <stddef.h>
        #include <sys/mman.h>
        """;
    assertEquals(expected, compiled(headers, List.copyOf(expected.keySet())));
  }

  private Map<String, Integer> compiled(String headers, List<String> expressions) throws Exception {
    var source = new StringBuilder(headers).append("#include <stdio.h>\nint main(void) {\n");
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
