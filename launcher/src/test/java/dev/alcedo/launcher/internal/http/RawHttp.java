// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.launcher.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A client that sends any bytes: tests are to be ruder than libraries let them be.
final class RawHttp implements AutoCloseable {
  private final Socket socket;

  RawHttp(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(20_000);
  }

  /// What came back.
  record Response(int status, String head, String body) {}

  /// Posts JSON and reads to the end of the connection.
  static Response post(int port, String path, String json, String... headers) throws IOException {
    return exchange(port, request("POST", path, json, headers));
  }

  /// Gets a path.
  static Response get(int port, String path, String... headers) throws IOException {
    return exchange(port, request("GET", path, null, headers));
  }

  /// Sends a text as it stands.
  static Response exchange(int port, String text) throws IOException {
    try (var http = new RawHttp(port)) {
      http.send(text);
      return http.readAll();
    }
  }

  static String request(String method, String path, String json, String... headers) {
    var out = new StringBuilder("%s %s HTTP/1.1\r\nConnection: close\r\n".formatted(method, path));
    boolean hasHost = false;
    boolean hasType = false;
    for (String header : headers) {
      hasHost |= header.startsWith("Host:");
      hasType |= header.startsWith("Content-Type:");
      out.append(header).append("\r\n");
    }
    if (!hasHost) {
      out.append("Host: localhost\r\n");
    }
    if (json == null) {
      return out.append("\r\n").toString();
    }
    if (!hasType) {
      out.append("Content-Type: application/json\r\n");
    }
    int length = json.getBytes(StandardCharsets.UTF_8).length;
    return out.append("Content-Length: %d\r\n\r\n".formatted(length)).append(json).toString();
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /// Waits until the answer holds `text`.
  String readUntil(String text) throws IOException {
    var out = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (out.indexOf(text) < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("the answer ended before '%s': %s".formatted(text, out));
      }
      out.append((char) b);
    }
    return out.toString();
  }

  Response readAll() throws IOException {
    String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return new Response(0, text, "");
    }
    return new Response(
        Integer.parseInt(text.substring(9, 12)), text.substring(0, end), text.substring(end + 4));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
