"""How measurements are named: what users filter by."""


def threads_text(threads):
    return f"{threads} thread" + ("s" if threads > 1 else "")


def kind_of(case):
    return "sampling" if case.startswith("sample") else "steps"


def step_name(case, batch, threads):
    return f"{kind_of(case)}/{case}/{batch}/{threads_text(threads)}"
