"""Compile time, the compiler's memory, and the size of what comes out."""
import json
import os
import shlex
import subprocess
import tempfile
from pathlib import Path

UMBRELLA = "#include <eigan/eigan.hpp>\nint main() {}\n"


def user_time(command):
    """(seconds of user time, bytes of memory at most) of a command and its children."""
    with subprocess.Popen(command, env={**os.environ, "CCACHE_DISABLE": "1"}) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(shlex.join(command) + f" ended with status {process.returncode}")
    return usage.ru_utime, usage.ru_maxrss * 1024


def compiling(build, source):
    """The command that the build uses for that source, without ccache and without output."""
    for unit in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        if unit["file"].endswith(source):
            words = shlex.split(unit["command"])
            return words[1:] if Path(words[0]).name == "ccache" else words
    raise RuntimeError(f"{build} does not compile {source}")


def stripped_size(binary):
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "stripped"
        subprocess.run(["strip", "-o", copy, binary], check=True)
        return copy.stat().st_size


def compile_time(suite):
    """Least user time of some compilations of examples/mnist.cpp, by itself and for use with eigan::compiled, and of a
    program that includes all of eigan."""
    repetitions = 1 if suite.quick else 3
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        (scratch / "umbrella.cpp").write_text(UMBRELLA, encoding="utf-8")
        for name, replaced, defines in (("compile/examples/mnist.cpp", None, []),
                                        ("compile/examples/mnist.cpp with eigan::compiled", None, ["-DEIGAN_COMPILED"]),
                                        ("compile/eigan.hpp", scratch / "umbrella.cpp", [])):
            if not suite.wants(name):
                continue
            command = compiling(suite.build, "examples/mnist.cpp") + defines
            command[command.index("-o") + 1] = str(scratch / "unit.o")
            if "-MF" in command:
                command[command.index("-MF") + 1] = str(scratch / "unit.d")
            if replaced:
                command[command.index("-c") + 1] = str(replaced)
            runs = [user_time(command) for _ in range(repetitions)]
            binary = suite.build / "examples/mnist"
            if replaced:
                binary = scratch / "umbrella"
                subprocess.run([command[0], "-fopenmp", scratch / "unit.o", "-o", binary, "-lz"], check=True)
            seconds, memory = min(run[0] for run in runs), min(run[1] for run in runs)
            size = None if defines else stripped_size(binary)  # the build has no such program
            suite.add({"name": name, "section": "compile", "user_seconds": [run[0] for run in runs], "memory": memory,
                       "binary": size},
                      f"{seconds:.1f} s of user time, {memory / 2**20:.0f} MiB"
                      + (f", binary {size / 2**10:.0f} KiB" if size else ""))
