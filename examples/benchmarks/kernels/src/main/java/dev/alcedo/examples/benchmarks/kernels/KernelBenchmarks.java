// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.examples.benchmarks.kernels;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// Runs the benchmarks that JMH's options choose, the machine's peaks always among them, and prints
/// each kernel's speed as a part of those.
public final class KernelBenchmarks {
  private KernelBenchmarks() {}

  /// Takes JMH's options: `-h` shows them, `-l` lists the benchmarks.
  ///
  /// @throws Exception if JMH does not understand an option, or a benchmark fails
  public static void main(String[] args) throws Exception {
    var options = new CommandLineOptions(args);
    if (options.shouldHelp() || options.shouldList() || options.shouldListWithParams()) {
      org.openjdk.jmh.Main.main(args);
    } else {
      System.out.println();
      System.out.print(run(args));
    }
  }

  /// Runs the benchmarks.
  static SpeedTable run(String... args) throws CommandLineOptionException, RunnerException {
    var given = new CommandLineOptions(args);
    var options = new OptionsBuilder();
    options.parent(given).mode(Mode.Throughput).timeUnit(TimeUnit.SECONDS).shouldFailOnError(true);
    List<String> chosen = given.getIncludes();
    if (!chosen.isEmpty()) {
      chosen.forEach(options::include);
      options.include(PeakBenchmark.class.getName());
    }
    Collection<RunResult> results = new Runner(options.build()).run();
    return new SpeedTable(results);
  }
}
