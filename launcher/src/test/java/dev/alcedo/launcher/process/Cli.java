// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.process;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// The command line as a process of its own, on the module path that the build made.
final class Cli {
  private static final List<String> CLUSTER =
      List.of(
          "--module-path=" + path("modules") + File.pathSeparator + path("cluster-modules"),
          "-XX:TieredStopAtLevel=4", // answers are longer: worth compiling well
          "--add-exports=java.base/jdk.internal.ref=com.hazelcast.core",
          "--add-opens=java.base/java.lang=com.hazelcast.core",
          "--add-opens=java.base/sun.nio.ch=com.hazelcast.core",
          "--add-opens=java.management/sun.management=com.hazelcast.core",
          "--add-opens=jdk.management/com.sun.management.internal=com.hazelcast.core",
          "--add-modules=java.sql,java.scripting,java.net.http,jdk.net");

  private final Path folder;
  private final Map<String, String> environment;
  private final List<String> more;

  /// Runs in `folder`, where its output is kept too.
  Cli(Path folder) {
    this(folder, Map.of());
  }

  /// @param environment variables besides those of this process
  Cli(Path folder, Map<String, String> environment) {
    this(folder, environment, List.of());
  }

  private Cli(Path folder, Map<String, String> environment, List<String> more) {
    this.folder = folder;
    this.environment = environment;
    this.more = more;
  }

  /// The full distribution, which can make clusters.
  static Cli full(Path folder) {
    return new Cli(folder, Map.of(), CLUSTER);
  }

  /// What a process did.
  ///
  /// @param err without Java's warning of incubator modules
  record Result(int status, String out, String err) {}

  /// Runs to the end.
  Result run(String... args) throws IOException, InterruptedException {
    return await(start(args));
  }

  /// Starts; standard input is empty.
  Process start(String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=com.sun.jna,org.jline.terminal.ffm,io.netty.common",
            "--module-path=" + path("modules")));
    command.addAll(more);
    command.addAll(List.of("-m", "dev.alcedo.launcher"));
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process =
        builder
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    process.getOutputStream().close();
    return process;
  }

  private static Path path(String modules) {
    return Path.of("target", modules).toAbsolutePath();
  }

  /// Waits for the end.
  Result await(Process process) throws IOException, InterruptedException {
    assertTrue(process.waitFor(5, TimeUnit.MINUTES), "the process ends");
    String err =
        Files.readString(folder.resolve("err"))
            .lines()
            .filter(line -> !line.startsWith("WARNING: Using incubator modules: "))
            .map(line -> line + "\n")
            .collect(Collectors.joining());
    return new Result(process.exitValue(), out(), err);
  }

  /// What was written to standard output so far.
  String out() throws IOException {
    return Files.readString(folder.resolve("out"));
  }
}
