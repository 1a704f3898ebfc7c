// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.apu.internal.probe;

import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/// The command line that runs one of our main classes in a JVM like this one: from the same module
/// path, the same image (whose modules need no path) or the same class path.
final class JavaCommand {
  private JavaCommand() {}

  /// The command, without the arguments of `main`.
  static List<String> of(Class<?> main) {
    Properties properties = System.getProperties();
    var command = new ArrayList<String>();
    command.add(Path.of(properties.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            // Small and quick to start; it runs for a fraction of a second.
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "-XX:-UsePerfData",
            // A crash is an answer here, not something to write files about.
            "-XX:ErrorFile=/dev/null",
            "-XX:-CreateCoredumpOnCrash"));
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith("jna.")) { // how JNA finds and unpacks its native part
        command.add("-D%s=%s".formatted(name, properties.getProperty(name)));
      }
    }
    command.addAll(whereAndWhat(main, properties.getProperty("java.class.path", "")));
    return command;
  }

  private static List<String> whereAndWhat(Class<?> main, String classPath) {
    Module module = main.getModule();
    if (!module.isNamed()) {
      return List.of(
          "--enable-native-access=ALL-UNNAMED", "-cp", absolute(classPath), main.getName());
    }
    var parts = new ArrayList<String>();
    parts.add("--enable-native-access=com.sun.jna");
    String modulePath = modulePath(module);
    if (!modulePath.isEmpty()) {
      parts.addAll(List.of("--module-path", modulePath));
    }
    parts.addAll(List.of("--module", module.getName() + "/" + main.getName()));
    return parts;
  }

  /// The places of the modules that `module` needs. The property `jdk.module.path` would name too
  /// much (other backends with their own needs) or too little (modules of a plugin layer).
  private static String modulePath(Module module) {
    var needed = new LinkedHashMap<String, ResolvedModule>();
    module
        .getLayer()
        .configuration()
        .findModule(module.getName())
        .ifPresent(resolved -> collect(resolved, needed));
    return needed.values().stream()
        .map(ResolvedModule::reference)
        .map(ModuleReference::location)
        .flatMap(Optional::stream)
        .filter(location -> location.getScheme().equals("file")) // and not jrt: of the image
        .map(location -> Path.of(location).toString())
        .collect(Collectors.joining(":"));
  }

  private static void collect(ResolvedModule module, Map<String, ResolvedModule> needed) {
    if (needed.putIfAbsent(module.name(), module) == null) {
      module.reads().forEach(read -> collect(read, needed));
    }
  }

  private static String absolute(String classPath) {
    return Arrays.stream(classPath.split(":"))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(":"));
  }
}
