"""What is measured, and where."""
import os
import platform
import re
import subprocess
from datetime import datetime, timezone
from hashlib import sha1


def output_of(*command, cwd=None):
    try:
        return subprocess.run(command, cwd=cwd, text=True, capture_output=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def first_line(text):
    return text.splitlines()[0] if text else ""


def describe(source, build):
    """Machine, compiler, commit and date."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        information = file.read()
    model = re.search(r"model name\s*: (.*)", information)
    system = platform.freedesktop_os_release() if hasattr(platform, "freedesktop_os_release") else {}
    cache = (build / "CMakeCache.txt").read_text(encoding="utf-8")
    compiler = re.search(r"^CMAKE_CXX_COMPILER:\w+=(.*)$", cache, re.MULTILINE)
    commit = output_of("git", "rev-parse", "--short=10", "HEAD", cwd=source)
    changes = output_of("git", "diff", "HEAD", "--", "include", cwd=source)
    if changes:
        commit += " with changes " + sha1(changes.encode()).hexdigest()[:8]
    return {"processor": model.group(1) if model else platform.machine(),
            "processors": len(os.sched_getaffinity(0)),
            "avx512": "avx512f" in information,
            "system": system.get("PRETTY_NAME", platform.platform()),
            "kernel": platform.release(),
            "compiler": first_line(output_of(compiler.group(1), "--version")) if compiler else "",
            "commit": commit or "no commit",
            "date": datetime.now(timezone.utc).strftime("%Y-%m-%d")}


def same(one, other):
    """Whether two runs can stand in one table: the same code on the same machine, whatever the day."""
    return {**one, "date": ""} == {**other, "date": ""}
