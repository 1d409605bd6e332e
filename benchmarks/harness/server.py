"""Programs that do timed work on request, and take turns: who waits is stopped, so that its threads cannot spin."""
import ctypes
import os
import signal
import subprocess

TUNING = ("OMP_", "GOMP_", "KMP_", "MKL_", "OPENBLAS_", "BLIS_", "DNNL_", "ONEDNN_", "MALLOC_")


LIBC, PR_SET_PDEATHSIG = ctypes.CDLL(None), 1


def die_with_parent():
    """A stopped program would never see that nobody waits for it any more."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def environment_with(settings):
    """This process's environment without what tunes threads and libraries, and with the settings given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(TUNING)}
    return {**kept, **settings}


class Server:
    """One such program. Commands go to its standard input line by line, answers come back the same way."""

    def __init__(self, command, settings):
        self.name = " ".join(map(str, command))
        self.process = subprocess.Popen([str(word) for word in command], env=environment_with(settings), text=True,
                                        bufsize=1, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        preexec_fn=die_with_parent)
        if self._answer() != "ready":
            raise RuntimeError(f"{self.name}: expected 'ready'")
        self._signal(signal.SIGSTOP)

    def ask(self, command):
        self._signal(signal.SIGCONT)
        self.process.stdin.write(command + "\n")
        answer = self._answer()
        self._signal(signal.SIGSTOP)
        return answer

    def step(self, count=1):
        """Seconds of one step, the mean of `count` in a row."""
        return float(self.ask(f"step {count}"))

    def warm_up(self, seconds):
        """Steps until a turn is about `seconds` long (one step at least); returns the steps of such a turn."""
        self.step()
        steps = max(1, round(seconds / self.step(2)))
        self.step(steps)
        return steps

    def peak_memory(self):
        """The most memory that was resident at a time, in bytes."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
        raise RuntimeError(f"{self.name}: no VmHWM in its status")

    def close(self):
        if self.process.poll() is None:
            self._signal(signal.SIGCONT)
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _signal(self, number):
        os.kill(self.process.pid, number)

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name}: ended with status {self.process.wait()} before it answered")
        return line.strip()
