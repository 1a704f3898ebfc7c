// SPDX-License-Identifier: Apache-2.0

/// Alcedo as a library. Backends and encoders are found at run time; nothing here names one.
module dev.alcedo.examples.java.embedding {
  requires com.fasterxml.jackson.databind;
  requires dev.alcedo.runtime.api;
}
