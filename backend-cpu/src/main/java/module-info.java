// SPDX-License-Identifier: Apache-2.0

/// Every op on the CPU: plain loops that define it, and Vector API kernels.
module dev.alcedo.backend.cpu {
  requires dev.alcedo.runtime.api;
  requires jdk.incubator.vector;
  requires org.slf4j;
  requires static org.jspecify;
}
