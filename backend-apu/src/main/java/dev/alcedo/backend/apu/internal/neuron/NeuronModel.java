// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.alcedo.backend.apu.internal.network.Network;
import dev.alcedo.backend.apu.internal.network.NeuronOperation;
import dev.alcedo.backend.apu.internal.network.NeuronType;
import dev.alcedo.backend.apu.internal.network.Operand;
import dev.alcedo.backend.apu.internal.network.Operation;
import dev.alcedo.runtime.api.BackendException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// A finished `NeuronModel` of a [Network]. The memory of the network's constants stays as it is
/// until the model is compiled or closed.
final class NeuronModel implements AutoCloseable {
  private static final String EXTENSION = "com.mediatek.general_operation";
  private static final short EXTENSION_OPERAND = 0x0100;
  private static final short EXTENSION_OPERATION = 0x0000;

  private final NeuronLibrary library;
  private final Network network;
  private final Pointer handle;

  /// @throws BackendException if the library refuses
  NeuronModel(NeuronLibrary library, Network network) {
    this.library = library;
    this.network = network;
    var out = new PointerByReference();
    check("NeuronModel_create", NeuronCompute.NeuronModel_create(out));
    this.handle = Handles.checked("NeuronModel_create", out);
    try {
      operands();
      operations();
      int[] inputs = array(network.inputs());
      int[] outputs = array(network.outputs());
      check(
          "NeuronModel_identifyInputsAndOutputs",
          NeuronCompute.NeuronModel_identifyInputsAndOutputs(
              handle, inputs.length, inputs, outputs.length, outputs));
      relax();
      check("NeuronModel_finish", NeuronCompute.NeuronModel_finish(handle));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void operands() {
    try (var type = new OperandTypeStruct();
        var channels = new ChannelScalesStruct()) {
      for (int i = 0; i < network.operands().size(); i++) {
        Operand operand = network.operands().get(i);
        int code =
            operand.type() == NeuronType.EXTENSION_NAME
                ? extensionCode("NeuronModel_getExtensionOperandType", EXTENSION_OPERAND)
                : operand.type().code();
        check(
            "NeuronModel_addOperand",
            NeuronCompute.NeuronModel_addOperand(
                handle, type.of(code, operand.dims(), operand.quantisation())));
        int index = i;
        operand
            .quantisation()
            .channelScales()
            .ifPresent(scales -> setChannelScales(index, channels.of(scales)));
        if (operand.constant().isPresent()) {
          MemorySegment value = operand.constant().get();
          check(
              "NeuronModel_setOperandValue",
              NeuronCompute.NeuronModel_setOperandValue(
                  handle, i, new Pointer(value.address()), value.byteSize()));
        }
      }
    }
  }

  private void setChannelScales(int index, Pointer scales) {
    String call = "NeuronModel_setOperandSymmPerChannelQuantParams";
    requireExport(call);
    check(call, library.optional().call(call, handle, index, scales));
  }

  private void operations() {
    for (Operation operation : network.operations()) {
      int code =
          operation.kind() == NeuronOperation.MTKEXT_RMS_NORMALIZATION
              ? extensionCode("NeuronModel_getExtensionOperationType", EXTENSION_OPERATION)
              : operation.kind().code();
      int[] inputs = array(operation.inputs());
      check(
          "NeuronModel_addOperation(%s)".formatted(operation.kind()),
          NeuronCompute.NeuronModel_addOperation(
              handle, code, inputs.length, inputs, 1, new int[] {operation.output()}));
    }
  }

  private int extensionCode(String call, short code) {
    requireExport(call);
    var out = new IntByReference();
    check(call, library.optional().call(call, handle, EXTENSION, code, out));
    return out.getValue();
  }

  private void relax() {
    String call = "NeuronModel_relaxComputationFloat32toFloat16";
    if (network.isRelaxed()) {
      requireExport(call);
      check(call, library.optional().call(call, handle, (byte) 1));
    }
  }

  private void requireExport(String call) {
    if (!library.optional().has(call)) {
      throw new BackendException("the library does not export " + call);
    }
  }

  /// Whether `device` runs all operations.
  boolean isSupported(NeuronLibrary.NeuronDevice device) {
    var flags = new byte[network.operations().size()];
    String forDevices = "NeuronModel_getSupportedOperationsForDevices";
    if (library.optional().has(forDevices)) {
      try (Memory list = list(device)) {
        check(forDevices, library.optional().call(forDevices, handle, list, 1, flags));
      }
    } else {
      check(
          "NeuronModel_getSupportedOperations",
          NeuronCompute.NeuronModel_getSupportedOperations(handle, flags, flags.length));
    }
    for (byte flag : flags) {
      if (flag == 0) {
        return false;
      }
    }
    return true;
  }

  /// Starts a compilation, for `device` alone where the library can be told so.
  Pointer compilation(NeuronLibrary.NeuronDevice device) {
    var out = new PointerByReference();
    String forDevices = "NeuronCompilation_createForDevices";
    if (library.optional().has(forDevices)) {
      try (Memory list = list(device)) {
        check(forDevices, library.optional().call(forDevices, handle, list, 1, out));
      }
      return Handles.checked(forDevices, out);
    }
    String create = "NeuronCompilation_create";
    check(create, NeuronCompute.NeuronCompilation_create(handle, out));
    return Handles.checked(create, out);
  }

  private static Memory list(NeuronLibrary.NeuronDevice device) {
    var list = new Memory(Native.POINTER_SIZE);
    list.setPointer(0, device.handle());
    return list;
  }

  private void check(String call, int code) {
    NeuronStatus.check("%s for network '%s'".formatted(call, network.name()), code);
  }

  private static int[] array(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  /// Frees the model; not twice.
  @Override
  public void close() {
    NeuronCompute.NeuronModel_free(handle);
  }

  /// The handle of the model, for what outlives this object.
  Pointer handle() {
    return handle;
  }
}
