// SPDX-License-Identifier: Apache-2.0

/// The command line, the HTTP server, and the Vert.x event bus between them and the engine. Exports
/// nothing: front ends talk over the bus, programs embed the runtime API.
///
/// @provides ch.qos.logback.classic.spi.Configurator the log set-up, without a file to parse
module dev.alcedo.launcher {
  requires ch.qos.logback.classic;
  requires ch.qos.logback.core;
  requires com.fasterxml.jackson.databind;
  requires dev.alcedo.runtime.api;
  requires dev.alcedo.vision.pipeline;
  requires info.picocli;
  requires java.management;
  requires jdk.management;
  requires io.vertx.core;
  requires io.vertx.web;
  requires org.jline.reader;
  requires org.jline.terminal;
  requires org.slf4j;
  // In the full distribution only, see internal.cluster.
  requires static com.hazelcast.core;
  requires static io.vertx.clustermanager.hazelcast;
  requires static org.jspecify;

  opens dev.alcedo.launcher.internal.cli to
      info.picocli;
  opens dev.alcedo.launcher.internal.config to
      info.picocli;
  opens dev.alcedo.launcher.internal.message to
      com.fasterxml.jackson.databind;

  provides ch.qos.logback.classic.spi.Configurator with
      dev.alcedo.launcher.internal.config.LogSetup;
}
