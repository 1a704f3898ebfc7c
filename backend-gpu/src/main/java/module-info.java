// SPDX-License-Identifier: Apache-2.0

/// OpenCL devices through JNA.
module dev.alcedo.backend.gpu {
  requires com.sun.jna;
  requires dev.alcedo.runtime.api;
  requires org.slf4j;
  requires static org.jspecify;
}
