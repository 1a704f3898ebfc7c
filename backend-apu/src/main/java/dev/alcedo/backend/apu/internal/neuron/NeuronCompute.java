// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.neuron;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.List;

/// The Neuron Adapter calls that computing cannot do without, named and ordered as in
/// `NeuronAdapter.h`; all of them exist in every version that we accept. `uint32_t` is `int`,
/// `size_t` is `long`, handles are [Pointer]. Arrays are safe where the library reads them during
/// the call only; values of operands are not such a case and are passed as pointers.
///
/// Bound by [NeuronLibrary], one library at a time.
final class NeuronCompute {
  /// Values up to this size are copied by `NeuronModel_setOperandValue`; of larger ones the library
  /// keeps the pointer until compiling is done.
  static final int MAX_SIZE_OF_IMMEDIATELY_COPIED_VALUES = 128;

  private static final List<String> SYMBOLS =
      List.of(
          "NeuronModel_create",
          "NeuronModel_free",
          "NeuronModel_finish",
          "NeuronModel_addOperand",
          "NeuronModel_setOperandValue",
          "NeuronModel_addOperation",
          "NeuronModel_identifyInputsAndOutputs",
          "NeuronModel_getSupportedOperations",
          "NeuronCompilation_create",
          "NeuronCompilation_free",
          "NeuronCompilation_finish",
          "NeuronCompilation_setPreference",
          "NeuronCompilation_setPriority",
          "NeuronExecution_create",
          "NeuronExecution_free",
          "NeuronExecution_setInput",
          "NeuronExecution_setOutput",
          "NeuronExecution_compute");

  private NeuronCompute() {}

  /// Binds this class to a library, in place of the one before.
  ///
  /// @throws UnsatisfiedLinkError if the library lacks a symbol; the message names all it lacks
  static void bind(NativeLibrary library) {
    Symbols.require(library, SYMBOLS);
    Native.register(NeuronCompute.class, library);
  }

  static native int NeuronModel_create(PointerByReference model);

  static native void NeuronModel_free(Pointer model);

  static native int NeuronModel_finish(Pointer model);

  static native int NeuronModel_addOperand(Pointer model, Pointer type);

  static native int NeuronModel_setOperandValue(
      Pointer model, int index, Pointer buffer, long length);

  static native int NeuronModel_addOperation(
      Pointer model, int type, int inputCount, int[] inputs, int outputCount, int[] outputs);

  static native int NeuronModel_identifyInputsAndOutputs(
      Pointer model, int inputCount, int[] inputs, int outputCount, int[] outputs);

  static native int NeuronModel_getSupportedOperations(
      Pointer model, byte[] supported, int operationCount);

  static native int NeuronCompilation_create(Pointer model, PointerByReference compilation);

  static native void NeuronCompilation_free(Pointer compilation);

  static native int NeuronCompilation_finish(Pointer compilation);

  static native int NeuronCompilation_setPreference(Pointer compilation, int preference);

  static native int NeuronCompilation_setPriority(Pointer compilation, int priority);

  static native int NeuronExecution_create(Pointer compilation, PointerByReference execution);

  static native void NeuronExecution_free(Pointer execution);

  static native int NeuronExecution_setInput(
      Pointer execution, int index, Pointer type, Pointer buffer, long length);

  static native int NeuronExecution_setOutput(
      Pointer execution, int index, Pointer type, Pointer buffer, long length);

  static native int NeuronExecution_compute(Pointer execution);
}
