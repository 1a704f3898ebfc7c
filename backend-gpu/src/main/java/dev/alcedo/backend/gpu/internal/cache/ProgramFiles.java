// SPDX-License-Identifier: Apache-2.0
package dev.alcedo.backend.gpu.internal.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A folder of compiled programs. A file is [#FORMAT], the program's key, its length, the SHA-256
/// of its bytes, its bytes; big-endian. One that is not exactly that is deleted and never given to
/// anybody: drivers are known to crash the process on flipped bits. Nothing here fails: without a
/// file a program is compiled, which takes longer.
///
/// Any thread, and any number of processes: files appear whole or not at all.
public final class ProgramFiles {
  static final String FORMAT = "alcedo OpenCL program 1\n";

  private static final Logger LOG = LoggerFactory.getLogger(ProgramFiles.class);
  private static final byte[] MAGIC = FORMAT.getBytes(StandardCharsets.US_ASCII);
  private static final int HASH_BYTES = 32;
  private static final int HEADER_BYTES = MAGIC.length + HASH_BYTES + Integer.BYTES + HASH_BYTES;
  private static final long FILE_BYTES_MAX = 1L << 28;

  private final Optional<Path> folder;

  /// @param folder made when first written to; empty for nowhere
  public ProgramFiles(Optional<Path> folder) {
    this.folder = folder;
  }

  /// The program of `key`, if there is an undamaged one.
  public Optional<byte[]> read(ProgramKey key) {
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    Path file = file(folder.get(), key);
    try {
      long size = Files.size(file);
      if (size < HEADER_BYTES || size > FILE_BYTES_MAX) {
        return damaged(key, "%d bytes long".formatted(size));
      }
      byte[] all = Files.readAllBytes(file);
      ByteBuffer header = ByteBuffer.wrap(all);
      if (!Arrays.equals(next(header, MAGIC.length), MAGIC)) {
        return damaged(key, "of another format");
      }
      if (!Arrays.equals(next(header, HASH_BYTES), key.bytes())) {
        return damaged(key, "that of another program");
      }
      int length = header.getInt();
      byte[] hash = next(header, HASH_BYTES);
      if (length != header.remaining()) {
        return damaged(key, "cut off or too long");
      }
      byte[] program = next(header, length);
      return Arrays.equals(ProgramKey.sha256().digest(program), hash)
          ? Optional.of(program)
          : damaged(key, "not what was written");
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.debug("compiled program {} cannot be read: {}", file, e.toString());
      return Optional.empty();
    }
  }

  /// Keeps `program`.
  public void write(ProgramKey key, byte[] program) {
    if (folder.isEmpty() || program.length > FILE_BYTES_MAX - HEADER_BYTES) {
      return;
    }
    ByteBuffer content = ByteBuffer.allocate(HEADER_BYTES + program.length);
    content.put(MAGIC).put(key.bytes()).putInt(program.length);
    content.put(ProgramKey.sha256().digest(program)).put(program);
    Path file = file(folder.get(), key);
    try {
      Files.createDirectories(folder.get());
      Path part = Files.createTempFile(folder.get(), "program", ".part");
      try {
        Files.write(part, content.array());
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      LOG.debug("compiled program {} cannot be kept: {}", file, e.toString());
    }
  }

  /// Forgets the program of `key`.
  ///
  /// @param why for the log: what is wrong with it
  public void delete(ProgramKey key, String why) {
    if (folder.isEmpty()) {
      return;
    }
    Path file = file(folder.get(), key);
    LOG.warn("compiled program {} is {}; compiling it anew", file, why);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.debug("compiled program {} cannot be deleted: {}", file, e.toString());
    }
  }

  private Optional<byte[]> damaged(ProgramKey key, String why) {
    delete(key, why);
    return Optional.empty();
  }

  private static byte[] next(ByteBuffer from, int length) {
    var bytes = new byte[length];
    from.get(bytes);
    return bytes;
  }

  private static Path file(Path folder, ProgramKey key) {
    return folder.resolve("opencl-%s.bin".formatted(key.hex()));
  }
}
