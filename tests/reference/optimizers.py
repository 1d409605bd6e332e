"""optimizers.safetensors: 50 steps of each optimizer, gradient clipping, schedules, the moving average."""
import warnings

import torch
from torch import nn

from recording import random

steps, size = 50, 37


def optimizers(file):
    """`problem.initial` [37], `problem.gradients` [50, 37], the same for all cases; `<case>.parameters` [6, 37] are the parameters after
    0, 10, ..., 50 steps."""
    initial = random("problem.initial", size)
    trend, scale = random("problem.trend", size), torch.logspace(-3, 1, size)
    gradients = scale * (random("problem.gradients", steps, size) + trend)
    file.configure("problem", steps=steps, size=size)
    file.add("problem.initial", initial)
    file.add("problem.gradients", gradients)

    def run(case, make, **config):
        parameter = initial.clone().requires_grad_()
        optimizer = make([parameter])
        rows = [parameter.detach().clone()]
        for step in range(steps):
            parameter.grad = gradients[step].clone()
            optimizer.step()
            if (step + 1) % 10 == 0:
                rows.append(parameter.detach().clone())
        file.configure(case, **config)
        file.add(f"{case}.parameters", torch.stack(rows))

    sgd, rmsprop, adam, adamw = torch.optim.SGD, torch.optim.RMSprop, torch.optim.Adam, torch.optim.AdamW
    run("sgd", lambda p: sgd(p, 0.01), optimizer="sgd", learning_rate=0.01)
    run("sgd_momentum", lambda p: sgd(p, 0.01, 0.9), optimizer="sgd", learning_rate=0.01, momentum=0.9)
    run("sgd_nesterov", lambda p: sgd(p, 0.01, 0.9, nesterov=True), optimizer="sgd", learning_rate=0.01, momentum=0.9, nesterov=True)
    run("sgd_weight_decay", lambda p: sgd(p, 0.01, 0.9, weight_decay=0.1), optimizer="sgd", learning_rate=0.01, momentum=0.9,
        weight_decay=0.1)
    shared = dict(optimizer="rmsprop", learning_rate=0.01, alpha=0.99, epsilon=1e-8)
    run("rmsprop", lambda p: rmsprop(p, 0.01), **shared)
    run("rmsprop_momentum", lambda p: rmsprop(p, 0.01, momentum=0.9), momentum=0.9, **shared)
    run("rmsprop_centered", lambda p: rmsprop(p, 0.01, centered=True), centered=True, **shared)
    run("rmsprop_weight_decay", lambda p: rmsprop(p, 0.01, weight_decay=0.1), weight_decay=0.1, **shared)
    shared = dict(optimizer="adam", learning_rate=0.01, epsilon=1e-8)
    run("adam", lambda p: adam(p, 0.01), beta1=0.9, beta2=0.999, **shared)
    run("adam_gan", lambda p: adam(p, 0.01, (0.5, 0.999)), beta1=0.5, beta2=0.999, **shared)
    run("adam_no_momentum", lambda p: adam(p, 0.01, (0.0, 0.9)), beta1=0.0, beta2=0.9, **shared)
    run("adam_weight_decay", lambda p: adam(p, 0.01, weight_decay=0.1), beta1=0.9, beta2=0.999, weight_decay=0.1, **shared)
    shared["optimizer"] = "adamw"
    run("adamw", lambda p: adamw(p, 0.01, weight_decay=0.01), beta1=0.9, beta2=0.999, weight_decay=0.01, **shared)

    average, rows = initial.clone(), [initial]
    for step in range(steps):
        average = 0.99 * average + 0.01 * gradients[step]  # the gradients stand in for a changing parameter
        if (step + 1) % 10 == 0:
            rows.append(average)
    file.configure("moving_average", decay=0.99)
    file.add("moving_average.parameters", torch.stack(rows))


def clipping(file):
    """`<case>.gradient0..2` before, `<case>.clipped0..2` after, `<case>.norm` of all before."""
    gradients = [random(f"clipping.{i}", *shape) for i, shape in enumerate([(3, 4), (5,), (2, 2, 3)])]

    def run(case, clip, **config):
        parameters = [torch.zeros_like(g, requires_grad=True) for g in gradients]
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = gradient.clone()
        clip(parameters)
        file.configure(case, **config)
        file.add(f"{case}.norm", torch.sqrt(sum(g.square().sum() for g in gradients)))
        for i, (parameter, gradient) in enumerate(zip(parameters, gradients)):
            file.add(f"{case}.gradient{i}", gradient)
            file.add(f"{case}.clipped{i}", parameter.grad)

    run("clip_norm", lambda p: nn.utils.clip_grad_norm_(p, 1.5), by="norm", limit=1.5)
    run("clip_norm_unchanged", lambda p: nn.utils.clip_grad_norm_(p, 100.0), by="norm", limit=100.0)
    run("clip_value", lambda p: nn.utils.clip_grad_value_(p, 0.5), by="value", limit=0.5)


def schedules(file):
    """`<case>.rates` [50]: the learning rate that step 0, 1, ..., 49 uses; the base rate is 0.1."""
    schedule = torch.optim.lr_scheduler
    warnings.filterwarnings("ignore", message="The epoch parameter")  # SequentialLR's own doing

    def run(case, make, **config):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.1)
        scheduler, rates = make(optimizer), []
        for _ in range(steps):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        file.configure(case, base=0.1, **config)
        file.add(f"{case}.rates", torch.tensor(rates))

    run("constant", lambda o: schedule.ConstantLR(o, 1.0), schedule="constant")
    run("cosine", lambda o: schedule.CosineAnnealingLR(o, 50), schedule="cosine", horizon=50, final=0.0)
    run("cosine_floor", lambda o: schedule.CosineAnnealingLR(o, 50, 0.01), schedule="cosine", horizon=50, final=0.01)
    run("linear", lambda o: schedule.LinearLR(o, 1.0, 0.0, 50), schedule="linear", horizon=50, first=1.0, final=0.0)
    run("linear_short", lambda o: schedule.LinearLR(o, 1.0, 0.2, 30), schedule="linear", horizon=30, first=1.0, final=0.2)
    run("warmup", lambda o: schedule.LinearLR(o, 0.1, 1.0, 9), schedule="warmup", warmup=10)  # (step + 1) / 10, then 1
    run("warmup_from_zero", lambda o: schedule.LambdaLR(o, lambda step: min(1.0, step / 10)), schedule="warmup_from_zero", warmup=10)
    run("warmup_cosine",
        lambda o: schedule.SequentialLR(o, [schedule.LinearLR(o, 0.1, 1.0, 9), schedule.CosineAnnealingLR(o, 40)], [10]),
        schedule="warmup_cosine", warmup=10, horizon=50)


def add_cases(file):
    optimizers(file)
    clipping(file)
    schedules(file)
