#!/usr/bin/env python3
"""Makes the reference numbers that eigan's tests compare against, with PyTorch in double precision.

    python3 tests/reference/make_reference.py            # writes *.safetensors beside this file
    python3 tests/reference/make_reference.py --check    # also holds PyTorch's own derivatives against finite differences

Needs PyTorch and NumPy. The same PyTorch, BLAS and machine give the same files, byte for byte; others differ in the last bits. The
committed files are from Debian 12's python3-torch 1.13.1 with its reference BLAS (libblas3), which stays reachable beside others as

    LD_LIBRARY_PATH=/usr/lib/x86_64-linux-gnu/blas python3 tests/reference/make_reference.py

Tensors are named `<case>.<tensor>` and stand in eigan's channels-last layouts; a case's configuration is a JSON string in
`__metadata__` under the case's name. For y = f(x, x2, ..., weight, bias, ...):

    x, x2, weight, ...         what goes in (weight and the like only where the case has them)
    y                          what comes out
    dy                         the upstream gradient
    dx, d_weight, ...          gradients of sum(y * dy)
    v, v2, v_weight, ...       one direction for each of those gradients
    ddx, dd_weight, ..., ddy   gradients of S = sum(dx * v) + sum(d_weight * v_weight) + ...; absent where identically zero
    running_mean, running_var, running_mean_after, running_var_after    (batch normalisation)
    indices, labels, target    constants of the case

losses, penalties, optimizers, initialisers, training and conditions hold other things besides, described where they are made.
"""
import sys

sys.dont_write_bytecode = True

import conditions  # noqa: E402
import convolutions  # noqa: E402
import initialisers  # noqa: E402
import layers  # noqa: E402
import losses  # noqa: E402
import optimizers  # noqa: E402
import parts  # noqa: E402
import penalties  # noqa: E402
import training  # noqa: E402
import weights  # noqa: E402
from recording import ReferenceFile  # noqa: E402

for module in (layers, convolutions, losses, penalties, optimizers, initialisers, parts, training, weights, conditions):
    file = ReferenceFile()
    module.add_cases(file)
    file.write(f"{module.__name__}.safetensors")
