"""The servers of eigan and of its peers, each with the settings that make it fastest."""
from pathlib import Path

from harness.server import Server

HERE = Path(__file__).resolve().parent.parent

# Without this, PyTorch gets fresh pages from the system in every step, and gives them back.
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(2 ** 30), "MALLOC_TRIM_THRESHOLD_": str(2 ** 32),
               "MALLOC_TOP_PAD_": str(2 ** 26)}
TORCH_STEP_VARIANTS = ("plain", "frozen", "channels_last", "foreach", "best")
TORCH_SAMPLING_VARIANTS = ("plain", "channels_last", "jit", "best")


def eigan_settings(threads):
    return {"OMP_NUM_THREADS": str(threads), "OMP_PROC_BIND": "true"}


def eigan(build, case, batch, threads, settings=None):
    command = [build / "benchmarks/bench_step_server", case, batch]
    return Server(command, eigan_settings(threads) if settings is None else settings)


def torch(python, case, batch, threads, variant):
    """Plain is as people run it; the others keep their memory, and have their threads bound as eigan's are."""
    settings = {"OMP_NUM_THREADS": str(threads)}
    if variant != "plain":
        settings.update(KEEP_MEMORY, OMP_PROC_BIND="true")
    return Server([python, HERE / "peers/torch_server.py", case, batch, variant], settings)


def dlib(build, batch, threads):
    return Server([build / "benchmarks/peers/peers_dlib_server", batch], {"OMP_NUM_THREADS": str(threads)})


def peers(suite, case, batch, threads):
    """Every peer's name and how to start it."""
    variants = TORCH_SAMPLING_VARIANTS if case.startswith("sample") else TORCH_STEP_VARIANTS
    starts = {f"PyTorch {variant}": lambda variant=variant: torch(suite.torch_python, case, batch, threads, variant)
              for variant in variants}
    if case == "dcgan_mnist":
        starts["dlib"] = lambda: dlib(suite.build, batch, threads)
    return starts
