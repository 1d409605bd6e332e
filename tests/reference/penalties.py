"""penalties.safetensors: penalties on whole critics and generators, with their gradients in every parameter."""
import numpy
import torch

from losses import convolution_critic, mlp_critic
from recording import channels_first, kernel_first, kernel_shape, random
from streams import Stream

seed = 3  # of the stream "penalty" that every case draws from, anew


class Network:
    """A PyTorch module with random parameters, which stand in the file in eigan's layout."""

    def __init__(self, file, case, module, scale):
        self.file, self.case, self.module = file, case, module
        for name, parameter in module.named_parameters():
            convolution_weight = parameter.dim() == 4
            own = scale * random(f"{case}.{name}", *(kernel_shape(parameter.shape) if convolution_weight else parameter.shape))
            parameter.data.copy_(kernel_first(own) if convolution_weight else own)
            file.add(f"{case}.{name}", own)

    def __call__(self, x):
        return self.module(x)

    def weights(self):
        """One row for each output, as BigGAN takes them."""
        return [p.flatten(1) for p in self.module.parameters() if p.dim() > 1]

    def record(self, name, penalty):
        """`<name>.y` and its gradients `<name>.d_0.weight`, ..., absent where zero."""
        self.file.add(f"{name}.y", penalty)
        gradients = torch.autograd.grad(penalty, list(self.module.parameters()), retain_graph=True, allow_unused=True)
        for (parameter, _), d in zip(self.module.named_parameters(), gradients):
            if d is not None and d.abs().max() > 1e-13:
                self.file.add(f"{name}.d_{parameter}", d.permute(2, 3, 1, 0) if d.dim() == 4 else d)


class Critic(Network):
    """On batches in eigan's layout."""

    def __call__(self, x):
        return self.module(channels_first(x) if x.dim() == 4 else x)

    def slopes(self, x):
        x = x.detach().clone().requires_grad_()
        gradient, = torch.autograd.grad(self(x).sum(), x, create_graph=True)
        return gradient.flatten(1)


def per_sample(numbers, like):
    return numbers.reshape(-1, *[1] * (like.dim() - 1))


def flip_and_shift(x, stream, shift):
    moved = []
    for image in x.numpy():
        if stream.below(2) == 1:
            image = image[:, ::-1]
        down, right = stream.below(2 * shift + 1) - shift, stream.below(2 * shift + 1) - shift
        wide = numpy.pad(image, [(shift, shift), (shift, shift), (0, 0)], mode="reflect")
        rows, columns = image.shape[:2]
        moved.append(wide[shift - down:shift - down + rows, shift - right:shift - right + columns])
    return torch.from_numpy(numpy.stack(moved))


def critic_penalties(critic, real, fake):
    """Each by its name, a number."""
    def stream():
        return Stream(seed, "penalty")

    def dragan(target, noise):
        draw = stream()
        share, drift = draw.uniform(real.shape[0]), draw.uniform(*real.shape)
        around = real + per_sample(share, real) * (noise * real.std(unbiased=False) * drift)
        return 7 * (critic.slopes(around).norm(2, 1) - target).square().mean()

    def r1(x):
        return 5 / 2 * critic.slopes(x).square().sum(1).mean()

    def inconsistency(x, draw, transform):
        return (critic(x) - critic(transform(x, draw))).square().mean()

    def scale(x, draw):
        return x * per_sample(1 + draw.uniform(x.shape[0]), x)

    def balanced(transform):
        draw = stream()
        return 4 * inconsistency(real, draw, transform) + 3 * inconsistency(fake, draw, transform)

    penalties = {
        "dragan": dragan(1, 0.5),
        "dragan.far": dragan(0.3, 2),
        "r1": r1(real),
        "r2": r1(fake),
        "r1r2": r1(real) + r1(fake),
        "consistency.scale": 6 * inconsistency(real, stream(), scale),
        "balanced_consistency.scale": balanced(scale),
    }
    if real.dim() == 4:
        def moving(x, draw):
            return flip_and_shift(x, draw, 2)

        penalties["consistency"] = 6 * inconsistency(real, stream(), moving)
        penalties["balanced_consistency"] = balanced(moving)
    return penalties


def lecam(critic, batches, decay, start, one_sided):
    """One number, or None, for each pair of batches."""
    averages, numbers = None, []
    for step, (real, fake) in enumerate(batches):
        on_real, on_fake = critic(real), critic(fake)
        now = torch.stack([on_real.mean(), on_fake.mean()]).detach()
        averages = now if averages is None else decay * averages + (1 - decay) * now
        keep = torch.relu if one_sided else lambda x: x
        penalty = 0.3 * (keep(on_real - averages[1]).square().mean() + keep(averages[0] - on_fake).square().mean())
        numbers.append(penalty if step >= start else None)
    return numbers


def orthogonal(network, off_diagonal):
    total = 0
    for w in network.weights():
        eye = torch.eye(w.shape[0])
        total = total + ((w @ w.T * (1 - eye)) if off_diagonal else (w @ w.T - eye)).square().sum()
    return 0.2 * total


def historical_averaging(file, network, case):
    """`<case>.<step>.0.weight`, ...: the parameters in each of four updates; `<case>.<step>.y` and gradients."""
    start = {name: p.detach().clone() for name, p in network.module.named_parameters()}
    seen = []
    for step in range(4):
        for name, p in network.module.named_parameters():
            p.data.copy_(start[name] + step * 0.3 * random(f"{case}.{step}.{name}", *p.shape))
            file.add(f"{case}.{step}.{name}", p.permute(2, 3, 1, 0) if p.dim() == 4 else p)
        seen.append([p.detach().clone() for p in network.module.parameters()])
        means = [torch.stack(list(values)).mean(0) for values in zip(*seen)]
        network.record(f"{case}.{step}", 0.7 * sum(((p - m) ** 2).sum() for p, m in zip(network.module.parameters(), means)))
    for name, p in network.module.named_parameters():
        p.data.copy_(start[name])


def add_cases(file):
    """Per critic `mlp` and `convolution`: its parameters "mlp.0.weight", ..., those of a generator "mlp.generator.0.weight", ...
    (Linear(3, size of a sample), Tanh); real, fake [6, ...], latent [6, 3]. Per penalty "mlp.r1": y and "mlp.r1.d_0.weight", ... .
    Random numbers are those of eigan's stream "penalty" of seed 3. What augments is a scaling by 1 + u or FlipAndShift by 2."""
    for name, make, shape, scale in [("mlp", mlp_critic, (6,), 0.6), ("convolution", convolution_critic, (8, 8, 2), 0.3)]:
        critic = Critic(file, name, make(), scale)
        size = int(numpy.prod(shape))
        generator = Network(file, f"{name}.generator", torch.nn.Sequential(torch.nn.Linear(3, size), torch.nn.Tanh()), 0.8)
        real, latent = random(f"{name}.real", 6, *shape), random(f"{name}.latent", 6, 3)

        def generate(z):
            return generator(z).reshape(-1, *shape)

        fake = generate(latent).detach()
        for tensor, numbers in [("real", real), ("latent", latent), ("fake", fake)]:
            file.add(f"{name}.{tensor}", numbers)
        for penalty, y in critic_penalties(critic, real, fake).items():
            critic.record(f"{name}.{penalty}", y)

        nearby = latent + 0.5 * Stream(seed, "penalty").normal(*latent.shape)
        critic.record(f"{name}.latent_consistency", 5 * (critic(fake) - critic(generate(nearby).detach())).square().mean())
        generator.record(f"{name}.latent_consistency.generator", -0.5 * (generate(latent) - generate(nearby)).square().mean())

        reals, fakes = random(f"{name}.reals", 4, 6, *shape), random(f"{name}.fakes", 4, 6, *shape)
        batches = list(zip(reals, fakes))
        file.add(f"{name}.reals", reals)
        file.add(f"{name}.fakes", fakes)
        for variant, decay, start, one_sided in [("lecam", 0.9, 0, False), ("lecam.late", 0.5, 2, False), ("lecam.one_sided", 0.6, 0, True)]:
            for step, y in enumerate(lecam(critic, batches, decay, start, one_sided)):
                if y is not None:
                    critic.record(f"{name}.{variant}.{step}", y)

        for owner, network in [("", critic), (".generator", generator)]:
            network.record(f"{name}.orthogonal{owner}", orthogonal(network, True))
            network.record(f"{name}.orthonormal{owner}", orthogonal(network, False))
        historical_averaging(file, critic, f"{name}.historical_averaging")
