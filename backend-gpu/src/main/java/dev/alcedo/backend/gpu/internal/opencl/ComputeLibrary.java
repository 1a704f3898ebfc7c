// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

import com.sun.jna.NativeLibrary;
import dev.alcedo.runtime.api.BackendException;

/// Which library [OpenClCompute] is bound to. Direct mapping binds a class, so one library at a
/// time can be computed with in a process: whoever uses it holds it, and another one can be bound
/// when nobody does. A machine has one loader for all its drivers, so that nobody waits in
/// practice.
final class ComputeLibrary {
  private static final Object LOCK = new Object();
  private static String bound = "";
  private static int holders;

  private ComputeLibrary() {}

  /// Binds `library` and holds it.
  ///
  /// @throws BackendException if it cannot be loaded, lacks a symbol, or another one is held
  static void hold(String library) {
    synchronized (LOCK) {
      if (holders > 0 && !bound.equals(library)) {
        throw new BackendException(
            "OpenCL library %s: cannot be used beside %s, which has open devices; close those first"
                .formatted(library, bound));
      }
      if (holders == 0 && !bound.equals(library)) {
        try {
          OpenClCompute.bind(NativeLibrary.getInstance(library));
        } catch (LinkageError e) {
          throw new BackendException(
              "OpenCL library %s: %s".formatted(library, LoadErrors.reason(e, library)), e);
        }
        bound = library;
      }
      holders++;
    }
  }

  /// Ends one [#hold].
  static void release() {
    synchronized (LOCK) {
      holders--;
    }
  }
}
