// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.config;

import dev.alcedo.runtime.api.InvalidRequestException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a server was told, checked.
///
/// @param host address to listen on
/// @param port 0 for any free one
/// @param keys one of them must be given; never empty where `host` is not loopback
/// @param modelName what requests call the model; empty if neither a name nor a file was given
/// @param slotCount requests that run at a time
/// @param queueLength requests that may wait
/// @param timeMax a request may take so long
/// @param bodyBytesMax a request may be so large
/// @param pictureUrls pictures whose URLs begin with one of these are fetched
public record ServerSettings(
    String host,
    int port,
    List<String> keys,
    String modelName,
    int slotCount,
    int queueLength,
    Duration timeMax,
    long bodyBytesMax,
    List<String> pictureUrls) {
  private static final long KEY_FILE_BYTES_MAX = 1 << 20;
  private static final String SUFFIX = ".gguf";

  /// Copies the lists.
  public ServerSettings {
    keys = List.copyOf(keys);
    pictureUrls = List.copyOf(pictureUrls);
  }

  /// Checks what was given.
  ///
  /// @param modelFile the model's file, for its name; absent where workers know it
  /// @throws InvalidRequestException naming the option that is the matter
  public static ServerSettings of(ServerArguments arguments, @Nullable String modelFile) {
    check("--port", arguments.port(), 0, 65_535);
    check("--queue", arguments.queueLength(), 0, 10_000);
    check("--timeout", arguments.timeSeconds(), 1, 86_400);
    check("--max-body", arguments.bodyMebibytes(), 1, 512);
    Path keyFile = arguments.keyFile();
    List<String> keys = keyFile == null ? List.of() : keys(keyFile);
    if (keys.isEmpty() && !isLoopback("--host", arguments.host())) {
      throw new InvalidRequestException(
          "--host %s: others than this machine could ask; give keys with --api-key-file FILE"
              .formatted(arguments.host()));
    }
    return new ServerSettings(
        arguments.host(),
        arguments.port(),
        keys,
        arguments.slots().modelName(modelFile),
        arguments.slots().count(),
        arguments.queueLength(),
        Duration.ofSeconds(arguments.timeSeconds()),
        (long) arguments.bodyMebibytes() << 20,
        arguments.pictureUrls().stream().map(ServerSettings::pictureUrl).toList());
  }

  // With a host that is whole and a folder, so that nothing else begins with it.
  private static String pictureUrl(String url) {
    try {
      URI uri = new URI(url);
      boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (isHttp
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawPath().endsWith("/")) {
        return url;
      }
    } catch (URISyntaxException e) {
      // refused below
    }
    throw new InvalidRequestException(
        "--allow-image-url: expected an http or https URL that ends in '/', got '%s'"
            .formatted(url));
  }

  static void check(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new InvalidRequestException(
          "%s: expected %d to %d, got %d".formatted(option, min, max, value));
    }
  }

  static boolean isLoopback(String option, String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new InvalidRequestException(
          "%s: expected an address of this machine, got '%s'".formatted(option, host), e);
    }
  }

  private static List<String> keys(Path file) {
    try {
      if (Files.size(file) > KEY_FILE_BYTES_MAX) {
        throw new InvalidRequestException(
            "--api-key-file %s: expected at most %d bytes".formatted(file, KEY_FILE_BYTES_MAX));
      }
      List<String> keys =
          Files.readString(file, StandardCharsets.UTF_8)
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .toList();
      if (keys.isEmpty()) {
        throw new InvalidRequestException(
            "--api-key-file %s: expected a key on each line, got none".formatted(file));
      }
      return keys;
    } catch (IOException e) {
      throw new InvalidRequestException(
          "--api-key-file %s: cannot be read as a text in UTF-8".formatted(file), e);
    }
  }

  /// What requests call the model.
  static String modelName(@Nullable String alias, @Nullable String modelFile) {
    if (alias != null || modelFile == null) {
      return alias == null ? "" : alias;
    }
    String file = Path.of(modelFile).getFileName().toString();
    return file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : file;
  }
}
