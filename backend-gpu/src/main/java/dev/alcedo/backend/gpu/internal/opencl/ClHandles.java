// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.opencl;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.alcedo.runtime.api.BackendException;
import org.jspecify.annotations.Nullable;

/// Calls that create something: a handle, and a code in an out-parameter.
final class ClHandles {
  private ClHandles() {}

  /// A `clCreate*` function with all arguments but the last.
  interface Creation {
    @Nullable Pointer call(Pointer errcode);
  }

  /// What `creation` makes.
  ///
  /// @throws BackendException naming call and code, also where a driver reports success and gives
  ///   nothing
  static Pointer create(String call, Creation creation) {
    try (var errcode = new Memory(Integer.BYTES)) {
      errcode.setInt(0, ClStatus.CL_SUCCESS);
      Pointer handle = creation.call(errcode);
      ClStatus.check(call, errcode.getInt(0));
      if (handle == null) {
        throw new BackendException(call + " returned no handle and no error");
      }
      return handle;
    }
  }

  /// One handle in native memory, as functions take lists of them.
  static Memory listOf(Pointer handle) {
    var list = new Memory(Long.BYTES);
    list.setPointer(0, handle);
    return list;
  }
}
