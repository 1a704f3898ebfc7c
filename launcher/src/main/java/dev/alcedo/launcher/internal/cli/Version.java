// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.cli;

import java.lang.module.ModuleDescriptor;
import picocli.CommandLine.IVersionProvider;

/// The version of this build, as the module descriptor has it.
final class Version implements IVersionProvider {
  /// Made by picocli.
  Version() {}

  @Override
  public String[] getVersion() {
    ModuleDescriptor descriptor = Version.class.getModule().getDescriptor();
    String version = descriptor == null ? "?" : descriptor.rawVersion().orElse("?");
    return new String[] {"alcedo %s (Java %s)".formatted(version, Runtime.version())};
  }
}
