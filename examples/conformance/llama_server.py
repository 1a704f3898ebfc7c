# SPDX-License-Identifier: Apache-2.0
"""llama.cpp's server, started for one model and asked for token ids."""
import json
import shlex
import subprocess
import time
import urllib.error
import urllib.request


class Server:
    def __init__(self, command, model, port, log):
        self.url = "http://127.0.0.1:%d" % port
        self.log = open(log, "w")
        self.process = subprocess.Popen(
            shlex.split(command) + ["-m", model, "--host", "127.0.0.1", "--port", str(port), "-c", "64", "-t", "1",
                                    "--no-warmup", "--no-webui", "-np", "1"],
            stdout=self.log, stderr=subprocess.STDOUT)

    def __enter__(self):
        for _ in range(600):
            if self.process.poll() is not None:
                self.__exit__()
                raise RuntimeError("llama-server ended with %d, see %s" % (self.process.returncode, self.log.name))
            try:
                with urllib.request.urlopen(self.url + "/health", timeout=5):
                    return self
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self.__exit__()
        raise RuntimeError("llama-server does not answer, see " + self.log.name)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()

    def tokenize(self, text, special=False, parse=True):
        body = json.dumps({"content": text, "add_special": special, "parse_special": parse}).encode()
        request = urllib.request.Request(self.url + "/tokenize", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=600) as answer:
            return json.load(answer)["tokens"]
