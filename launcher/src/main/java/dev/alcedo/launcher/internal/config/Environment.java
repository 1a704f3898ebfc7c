// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InaccessibleObjectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What the process was given besides its arguments: environment variables, the terminal, the place
/// it was installed to.
///
/// @param variables environment variables
/// @param isInputTerminal whether standard input is a terminal
/// @param isOutputTerminal whether standard output is a terminal
/// @param isErrorTerminal whether standard error is a terminal
/// @param home folder with Alcedo's own files, such as `models`; empty if there is none
public record Environment(
    Map<String, String> variables,
    boolean isInputTerminal,
    boolean isOutputTerminal,
    boolean isErrorTerminal,
    Optional<Path> home) {
  /// Copies the map.
  public Environment {
    variables = Map.copyOf(variables);
  }

  /// Names the file descriptor that stands for standard error. Java warns of incubator modules on
  /// its own standard error before any of our code runs; the scripts set it apart.
  private static final String ERROR_DESCRIPTOR = "alcedo.stderr";

  /// This process's.
  public static Environment ofProcess() {
    return new Environment(
        System.getenv(),
        isTerminal(0),
        isTerminal(1),
        isTerminal(Integer.getInteger(ERROR_DESCRIPTOR, 2)),
        findHome());
  }

  /// Makes the descriptor that the scripts name this process's standard error. Opening it anew by
  /// its path would give files a second position to write at, so the scripts open `java.io` to us.
  public static void takeErrorStream() {
    Integer descriptor = Integer.getInteger(ERROR_DESCRIPTOR);
    if (descriptor == null) {
      return;
    }
    try {
      var constructor = FileDescriptor.class.getDeclaredConstructor(int.class);
      constructor.setAccessible(true);
      var stream = new FileOutputStream(constructor.newInstance(descriptor));
      System.setErr(new PrintStream(stream, true, StandardCharsets.UTF_8));
    } catch (ReflectiveOperationException | InaccessibleObjectException _) {
      // Java's own stream leads to the same place, through the scripts' filter.
    }
  }

  /// A variable, if it is set and not empty.
  public Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
  }

  /// Where what can be made anew is kept: `ALCEDO_CACHE`, unless that is `none`; else `alcedo` in
  /// the user's folder for caches, which `XDG_CACHE_HOME` names or is `~/.cache`.
  public Optional<Path> cacheFolder() {
    Optional<String> named = variable("ALCEDO_CACHE");
    if (named.isPresent()) {
      return named.filter(name -> !name.equals("none")).map(Path::of);
    }
    Optional<Path> caches =
        variable("XDG_CACHE_HOME")
            .map(Path::of)
            .filter(Path::isAbsolute) // the specification says to ignore others
            .or(() -> variable("HOME").map(home -> Path.of(home, ".cache")));
    return caches.map(folder -> folder.resolve("alcedo"));
  }

  // Java tells this of input and output together only; Linux says it of each.
  private static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null && System.console().isTerminal();
    }
  }

  // In an image, files lie in its lib folder; in a build, next to the folder of jars or classes.
  private static Optional<Path> findHome() {
    Module module = Environment.class.getModule();
    if (!module.isNamed()) {
      return Optional.empty();
    }
    Optional<URI> location =
        module
            .getLayer()
            .configuration()
            .findModule(module.getName())
            .flatMap(m -> m.reference().location());
    return location.flatMap(uri ->
        uri.getScheme().equals("jrt")
            ? Optional.of(Path.of(System.getProperty("java.home"), "lib"))
            : besides(Path.of(uri)));
  }

  private static Optional<Path> besides(Path jarOrClasses) {
    Path folder =
        jarOrClasses.toString().endsWith(".jar") ? jarOrClasses.getParent() : jarOrClasses;
    return Optional.ofNullable(folder).map(Path::getParent);
  }
}
