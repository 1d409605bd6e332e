"""Notices when other processes take part of the machine while something is measured."""
import os
import resource
import time
from contextlib import contextmanager

DISTURBED = 0.03  # above that share of all processors' time, a measurement is marked


def busy_seconds():
    """Of all processors, what the hypervisor gave to others included."""
    with open("/proc/stat", encoding="ascii") as file:
        user, nice, system, _, _, irq, soft_irq, steal = map(int, file.readline().split()[1:9])
    return (user + nice + system + irq + soft_irq + steal) / os.sysconf("SC_CLK_TCK")


def own_seconds():
    """Of this process and of those of its children that have ended."""
    usages = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


@contextmanager
def others(shares):
    """Appends to `shares` how much of the processors' time others took meanwhile; what is started inside must end
    inside."""
    start, busy, own = time.perf_counter(), busy_seconds(), own_seconds()
    yield
    available = (time.perf_counter() - start) * os.cpu_count()
    shares.append(max(0.0, (busy_seconds() - busy - (own_seconds() - own)) / available))
