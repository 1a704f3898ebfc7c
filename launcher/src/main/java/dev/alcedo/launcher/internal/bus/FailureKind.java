// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.bus;

import dev.alcedo.runtime.api.VlmException;
import java.util.Arrays;

/// The kinds of failure that go over the bus, one for each code of [VlmException] and one for our
/// own bugs. The one table from which front ends derive exit and HTTP status.
public enum FailureKind {
  /// A bug of ours.
  INTERNAL(1, "internal"),
  /// The request or its picture cannot be answered as it stands.
  INVALID_REQUEST(3, "invalid_request"),
  /// A model file is broken.
  MODEL_FORMAT(4, "model_format"),
  /// A model file is whole, but not one that we run.
  UNSUPPORTED_MODEL(5, "unsupported_model"),
  /// A backend that was asked for is not here.
  BACKEND_UNAVAILABLE(6, "backend_unavailable"),
  /// A device failed.
  BACKEND(7, "backend"),
  /// What is asked for does not fit the context or another limit.
  RESOURCE_EXHAUSTED(8, "resource_exhausted"),
  /// Stopped at the caller's request.
  CANCELLED(9, "cancelled"),
  /// The engine that had the request has left the cluster.
  ENGINE_LOST(10, "engine_lost"),
  /// There is no memory for it now.
  OUT_OF_MEMORY(11, "out_of_memory");

  private final int number;
  private final String code;

  FailureKind(int number, String code) {
    this.number = number;
    this.code = code;
  }

  /// The failure code of replies on the bus.
  public int number() {
    return number;
  }

  /// The stable code, as in [VlmException#code()].
  public String code() {
    return code;
  }

  /// The kind with this failure code; [#INTERNAL] for numbers that are not ours.
  public static FailureKind ofNumber(int number) {
    return Arrays.stream(values()).filter(k -> k.number == number).findFirst().orElse(INTERNAL);
  }

  /// The kind with this code; [#INTERNAL] for codes that are not ours.
  public static FailureKind ofCode(String code) {
    return Arrays.stream(values()).filter(k -> k.code.equals(code)).findFirst().orElse(INTERNAL);
  }

  /// The kind of `failure`. Running out of heap is a matter of resources, not a bug.
  public static FailureKind of(Throwable failure) {
    return switch (failure) {
      case VlmException known -> ofCode(known.code());
      case OutOfMemoryError _ -> OUT_OF_MEMORY;
      default -> INTERNAL;
    };
  }

  /// One line for people.
  public static String message(Throwable failure) {
    return switch (failure) {
      case VlmException known -> String.valueOf(known.getMessage());
      case OutOfMemoryError error ->
          "out of memory (%s): give Java a larger heap with JAVA_TOOL_OPTIONS=-Xmx..., or ask for a"
                  .formatted(error.getMessage())
              + " smaller context or picture";
      default -> "internal error, please report it: " + failure;
    };
  }
}
