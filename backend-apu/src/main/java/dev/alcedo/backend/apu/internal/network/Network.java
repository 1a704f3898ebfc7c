// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.network;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/// A network with static shapes, as the Neuron Adapter takes it.
///
/// @param name for messages
/// @param operands by index
/// @param operations in an order in which their inputs are known
/// @param inputs indices of operands that each run brings
/// @param outputs indices of operands that each run leaves
/// @param isRelaxed whether F32 may be computed in F16
public record Network(
    String name,
    List<Operand> operands,
    List<Operation> operations,
    List<Integer> inputs,
    List<Integer> outputs,
    boolean isRelaxed) {
  /// Copies the lists.
  public Network {
    operands = List.copyOf(operands);
    operations = List.copyOf(operations);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /// Bytes of all constants.
  public long constantBytes() {
    return operands.stream()
        .filter(operand -> operand.constant().isPresent())
        .mapToLong(Operand::byteSize)
        .sum();
  }

  /// Feeds everything that the compiled result depends on: operations, shapes, scales, constants.
  public void digestTo(MessageDigest digest) {
    var text = new StringBuilder();
    text.append(isRelaxed).append(inputs).append(outputs).append(operations);
    for (Operand operand : operands) {
      text.append(operand.type())
          .append(operand.dims())
          .append(operand.quantisation().scale())
          .append(' ')
          .append(operand.quantisation().zeroPoint())
          .append(operand.constant().isPresent());
    }
    digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
    for (Operand operand : operands) {
      operand.constant().ifPresent(memory -> digest.update(memory.asByteBuffer()));
      operand
          .quantisation()
          .channelScales()
          .ifPresent(memory -> digest.update(memory.asByteBuffer()));
    }
  }
}
