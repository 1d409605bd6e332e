"""losses.safetensors: adversarial losses on logits, gradient penalties on whole critics."""
import numpy
import torch
import torch.nn.functional as F
from torch import nn

from recording import channels_first, channels_last, kernel_first, kernel_shape, random, record


def adversarial_losses(file):
    """`<loss>.discriminator` of x = logits of real, x2 = logits of fake; `<loss>.generator` of x = logits of fake or, where it reads
    both, of x = real and x2 = fake. y is the value."""
    log_sigmoid = F.logsigmoid  # log(1 - sigmoid(t)) = log_sigmoid(-t)

    def logistic_discriminator(real, fake):
        return -log_sigmoid(real).mean() - log_sigmoid(-fake).mean()

    def smoothed_discriminator(real, fake):
        ones = torch.ones_like(real)
        return F.binary_cross_entropy_with_logits(real, 0.9 * ones) + F.binary_cross_entropy_with_logits(fake, 0 * ones)

    def least_squares(a, b, c):
        return (lambda real, fake: (F.mse_loss(real, torch.full_like(real, b)) + F.mse_loss(fake, torch.full_like(fake, a))) / 2,
                lambda fake: F.mse_loss(fake, torch.full_like(fake, c)) / 2)

    losses = {
        "minimax": (logistic_discriminator, lambda fake: log_sigmoid(-fake).mean()),
        "nonsaturating": (logistic_discriminator, lambda fake: -log_sigmoid(fake).mean()),
        "wasserstein": (lambda real, fake: fake.mean() - real.mean(), lambda fake: -fake.mean()),
        "minimax.smoothed": (smoothed_discriminator, lambda fake: log_sigmoid(-fake).mean()),
        "nonsaturating.smoothed": (smoothed_discriminator, lambda fake: -log_sigmoid(fake).mean()),
        "least_squares": least_squares(0, 1, 1),
        "least_squares.pearson": least_squares(-1, 1, 0),
        "hinge": (lambda real, fake: F.relu(1 - real).mean() + F.relu(1 + fake).mean(), lambda fake: -fake.mean()),
        "energy_based": (lambda real, fake: real.mean() + (1.5 - fake).clamp(min=0).mean(), lambda fake: fake.mean()),
        "boundary_seeking": (logistic_discriminator,
                             lambda fake: (torch.sigmoid(fake).log() - (1 - torch.sigmoid(fake)).log()).square().mean() / 2),
    }
    for name, (discriminator, generator) in losses.items():
        real, fake = 2 * random(f"{name}.real", 6, 1), 2 * random(f"{name}.fake", 6, 1)
        record(file, f"{name}.discriminator", discriminator, [real, fake], loss=name)
        record(file, f"{name}.generator", generator, [fake], loss=name)


def relativistic_losses(file):
    """The same for `relativistic_average.<base>` and `relativistic_paired.<base>`, as their paper's appendix writes each of them out."""
    def log_d(t):
        return F.logsigmoid(t)

    def average(real_cost, fake_cost):
        return (lambda real, fake: real_cost(real - fake.mean()).mean() + fake_cost(fake - real.mean()).mean(),
                lambda real, fake: real_cost(fake - real.mean()).mean() + fake_cost(real - fake.mean()).mean())

    def paired(cost):
        return lambda real, fake: cost(real - fake).mean(), lambda real, fake: cost(fake - real).mean()

    losses = {
        "relativistic_average.logistic": average(lambda t: -log_d(t), lambda t: -log_d(-t)),
        "relativistic_average.hinge": average(lambda t: F.relu(1 - t), lambda t: F.relu(1 + t)),
        "relativistic_average.least_squares": average(lambda t: (t - 1) ** 2, lambda t: (t + 1) ** 2),
        "relativistic_paired.logistic": paired(lambda t: -log_d(t)),
        "relativistic_paired.hinge": paired(lambda t: F.relu(1 - t)),
        "relativistic_paired.least_squares": paired(lambda t: (t - 1) ** 2),
    }
    for name, (discriminator, generator) in losses.items():
        real, fake = 2 * random(f"{name}.real", 6, 1), 2 * random(f"{name}.fake", 6, 1)
        record(file, f"{name}.discriminator", discriminator, [real, fake], loss=name)
        record(file, f"{name}.generator", generator, [real, fake], loss=name)


def feature_matching(file):
    """`feature_matching` of x = features of real [5, 2, 3], x2 = of fake [7, 2, 3]; `feature_matching.hinge` of x3 = logits of fake
    besides, which adds 0.3 of the hinge loss's generator."""
    def matching(real, fake):
        return (real.mean(0) - fake.mean(0)).norm() ** 2

    real, fake, logits = (random(f"feature_matching.{name}", *shape)
                          for name, shape in [("real", (5, 2, 3)), ("fake", (7, 2, 3)), ("logits", (7, 1))])
    record(file, "feature_matching", matching, [real, fake], loss="feature_matching")
    record(file, "feature_matching.hinge", lambda real, fake, logits: matching(real, fake) - 0.3 * logits.mean(), [real, fake, logits],
           loss="feature_matching", base_weight=0.3)


def boundary_equilibrium(file):
    """Six steps with gamma = 0.7 and lambda = 0.2 (large, so that k meets both of its bounds): the autoencoder's errors `real`, `judged`
    (of generated samples in the discriminator's update) and `generated` (in the generator's), [6, 5, 1]; `discriminator`, `generator`,
    `k` and `convergence` [6] after each step; `d_real`, `d_judged`, `d_generated`."""
    case, gamma, step_size, steps = "boundary_equilibrium", 0.7, 0.2, 6
    level = torch.tensor([3.0, 5.0, 5.5, 1.0, 0.5, 0.2]).reshape(steps, 1, 1)
    real = (level * (1 + 0.2 * random(f"{case}.real", steps, 5, 1))).requires_grad_()
    judged = (1 + 0.2 * random(f"{case}.judged", steps, 5, 1)).requires_grad_()
    generated = ((1.5 - 0.25 * level) * (1 + 0.2 * random(f"{case}.generated", steps, 5, 1))).requires_grad_()
    with torch.no_grad():
        generated[4:] *= 4
    k, losses, seen = 0.0, [], []
    for t in range(steps):
        losses.append((real[t].mean() - k * judged[t].mean(), generated[t].mean()))
        balance = gamma * real[t].mean().item() - generated[t].mean().item()
        k = min(max(k + step_size * balance, 0.0), 1.0)
        seen.append((k, real[t].mean().item() + abs(balance)))
    assert 0 < seen[0][0] < 1 and any(k == 1 for k, _ in seen) and seen[-1][0] == 0, seen
    gradients = torch.autograd.grad(sum(d + g for d, g in losses), [real, judged, generated])
    file.configure(case, gamma=gamma, **{"lambda": step_size})
    for name, tensor, d in zip(["real", "judged", "generated"], [real, judged, generated], gradients):
        file.add(f"{case}.{name}", tensor)
        file.add(f"{case}.d_{name}", d)
    for name, values in [("discriminator", [d for d, _ in losses]), ("generator", [g for _, g in losses]),
                         ("k", [k for k, _ in seen]), ("convergence", [m for _, m in seen])]:
        file.add(f"{case}.{name}", torch.tensor([float(value) for value in values]))


class FlattenChannelsLast(nn.Module):
    def forward(self, x):
        return channels_last(x).flatten(1)


def mlp_critic():
    return nn.Sequential(nn.Linear(6, 8), nn.LeakyReLU(0.2), nn.Linear(8, 7), nn.Tanh(), nn.Linear(7, 1))


def convolution_critic():
    """Images [N, 2, 8, 8] as PyTorch has them; the flattened features stand in channels-last order."""
    return nn.Sequential(nn.Conv2d(2, 4, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(4, 5, 4, 2, 1), nn.SiLU(), FlattenChannelsLast(),
                         nn.Linear(2 * 2 * 5, 1))


def gradient_penalties(file):
    """Case `gradient_penalty.<critic>.<sides>`: real, fake [N, ...], epsilon [N], the critic's parameters by their Sequential names
    ("0.weight"), norms [N] of the critic's gradient at epsilon * real + (1 - epsilon) * fake, y = 10 * mean((norm - 1)^2) or, one-sided,
    10 * mean(max(norm - 1, 0)^2), and its gradients ("d_0.weight"), absent where identically zero."""
    for critic_name, make, shape, scale in [("mlp", mlp_critic, (6, 6), 0.45), ("convolution", convolution_critic, (6, 8, 8, 2), 0.27)]:
        case = f"gradient_penalty.{critic_name}"
        critic, parameters = make(), {}
        for name, parameter in critic.named_parameters():
            convolution_weight = parameter.dim() == 4
            own = kernel_shape(parameter.shape) if convolution_weight else tuple(parameter.shape)
            parameters[name] = scale * random(f"{case}.{name}", *own)  # in eigan's layout
            parameter.data.copy_(kernel_first(parameters[name]) if convolution_weight else parameters[name])
        real, fake = random(f"{case}.real", *shape), 2 * random(f"{case}.fake", *shape) + 0.3
        epsilon = torch.from_numpy(numpy.random.RandomState(7).uniform(size=shape[0]))
        weight = epsilon.reshape(-1, *[1] * (len(shape) - 1))
        between = (weight * real + (1 - weight) * fake).requires_grad_()
        gradient, = torch.autograd.grad(critic(channels_first(between)).sum(), between, create_graph=True)
        norms = gradient.flatten(1).norm(2, 1)
        assert (norms > 1.02).any() and (norms < 0.98).any() and (norms - 1).abs().min() > 0.01, norms
        for sides, excess in [("two_sided", norms - 1), ("one_sided", (norms - 1).clamp(min=0))]:
            penalty = 10 * excess.square().mean()
            gradients = torch.autograd.grad(penalty, list(critic.parameters()), retain_graph=True, allow_unused=True)
            named = f"{case}.{sides}"
            file.configure(named, critic=critic_name, sides=sides, weight=10)
            for name, tensor in {"real": real, "fake": fake, "epsilon": epsilon, **parameters, "norms": norms, "y": penalty}.items():
                file.add(f"{named}.{name}", tensor)
            for name, d in zip(parameters, gradients):
                if d is not None and d.abs().max() > 0:
                    file.add(f"{named}.d_{name}", d.permute(2, 3, 1, 0) if d.dim() == 4 else d)


def add_cases(file):
    adversarial_losses(file)
    relativistic_losses(file)
    feature_matching(file)
    boundary_equilibrium(file)
    gradient_penalties(file)
