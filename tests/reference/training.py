"""training.safetensors: whole training steps of a small convolutional GAN, from given weights, noise and images."""
import numpy
import torch
import torch.nn.functional as F

from recording import channels_first, channels_last, kernel_first, random

steps, batch = 3, 6


def transposed(x, weight, bias=None):
    return channels_last(F.conv_transpose2d(channels_first(x), kernel_first(weight), bias, 2, 1))


def convolution(x, weight, bias=None):
    return channels_last(F.conv2d(channels_first(x), kernel_first(weight), bias, 2, 1))


class Model:
    """Parameters and buffers by their Sequential names, in eigan's layout."""

    def __init__(self, name, shapes, norms):
        self.parameters = {key: 0.3 * random(f"{name}.{key}", *shape) for key, shape in shapes.items()}
        self.buffers = {}
        for position, channels in norms.items():
            self.parameters[f"{position}.weight"] = 1 + 0.2 * random(f"{name}.{position}.weight", channels)
            self.parameters[f"{position}.bias"] = 0.2 * random(f"{name}.{position}.bias", channels)
            self.buffers[f"{position}.running_mean"] = torch.zeros(channels)
            self.buffers[f"{position}.running_var"] = torch.ones(channels)
        self.parameters = {key: value.requires_grad_() for key, value in self.parameters.items()}

    def norm(self, position, x, training):
        statistics = [self.buffers[f"{position}.running_{name}"] for name in ("mean", "var")]
        affine = [self.parameters[f"{position}.{name}"] for name in ("weight", "bias")]
        return channels_last(F.batch_norm(channels_first(x), *statistics, *affine, training, 0.1, 1e-5))


class Generator(Model):
    """Linear(6, 72, no bias), Reshape({3, 3, 8}), BatchNorm, ReLU, ConvTranspose2d(8, 4, no bias), BatchNorm, LeakyReLU(0.2),
    ConvTranspose2d(4, 2), Tanh; kernels 4, stride 2, padding 1."""

    def __init__(self):
        super().__init__("generator", {"0.weight": (72, 6), "4.weight": (4, 4, 4, 8), "7.weight": (4, 4, 2, 4), "7.bias": (2,)},
                         {2: 8, 5: 4})

    def __call__(self, z, training=True):
        p = self.parameters
        h = F.relu(self.norm(2, F.linear(z, p["0.weight"]).reshape(-1, 3, 3, 8), training))
        h = F.leaky_relu(self.norm(5, transposed(h, p["4.weight"]), training), 0.2)
        return torch.tanh(transposed(h, p["7.weight"], p["7.bias"]))


class Critic(Model):
    """Conv2d(2, 4), LeakyReLU(0.2), Conv2d(4, 6), BatchNorm if has_norm, LeakyReLU(0.2), Flatten, Linear(54, 1)."""

    def __init__(self, has_norm):
        shapes = {"0.weight": (4, 4, 2, 4), "0.bias": (4,), "2.weight": (4, 4, 4, 6)}
        shapes.update({"6.weight": (1, 54), "6.bias": (1,)} if has_norm else {"2.bias": (6,), "5.weight": (1, 54), "5.bias": (1,)})
        self.has_norm = has_norm
        super().__init__("critic", shapes, {3: 6} if has_norm else {})

    def __call__(self, x):
        p = self.parameters
        h = F.leaky_relu(convolution(x, p["0.weight"], p["0.bias"]), 0.2)
        h = convolution(h, p["2.weight"], p.get("2.bias"))
        h = F.leaky_relu(self.norm(3, h, True) if self.has_norm else h, 0.2).flatten(1)
        last = 6 if self.has_norm else 5
        return F.linear(h, p[f"{last}.weight"], p[f"{last}.bias"])


def penalty(critic, real, fake, epsilon):
    weight = epsilon.reshape(-1, 1, 1, 1)
    between = (weight * real + (1 - weight) * fake).requires_grad_()
    gradient, = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    return 10 * (gradient.flatten(1).norm(2, 1) - 1).square().mean()


def train(file, case, has_norm, discriminator_loss, generator_loss, **adam):
    generator, critic = Generator(), Critic(has_norm)
    models = {"generator": generator, "critic": critic}
    for prefix, model in models.items():
        for name, tensor in {**model.parameters, **model.buffers}.items():
            file.add(f"{case}.before.{prefix}.{name}", tensor.clone())
    optimizers = {prefix: torch.optim.Adam(model.parameters.values(), **adam) for prefix, model in models.items()}

    def update(prefix, loss):
        parameters = list(models[prefix].parameters.values())
        for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
            parameter.grad = gradient
        optimizers[prefix].step()
        return loss.detach()

    losses = []
    for step in range(steps):
        fake = generator(file.tensor("noise")[step])
        real, epsilon = file.tensor("images")[step], file.tensor("epsilon")[step]
        discriminator = update("critic", discriminator_loss(critic, real, fake.detach(), epsilon))
        losses.append(torch.stack([discriminator, update("generator", generator_loss(critic(fake)))]))

    file.configure(case, learning_rate=adam["lr"], beta1=adam["betas"][0], beta2=adam["betas"][1])
    file.add(f"{case}.losses", torch.stack(losses))
    for prefix, model in models.items():
        for name, tensor in {**model.parameters, **model.buffers}.items():
            file.add(f"{case}.after.{prefix}.{name}", tensor)
    file.add(f"{case}.sample", generator(file.tensor("noise")[0], training=False))


def add_cases(file):
    """`noise` [3, 6, 6], `images` [3, 6, 12, 12, 2], `epsilon` [3, 6]; per case `before.generator.0.weight`, ..., `losses` [3, 2] of
    discriminator and generator, `after....`, and a `sample` of the trained generator in evaluation, from noise[0]. A step makes one
    batch for both updates; the critic judges real and generated samples apart, and the generated ones again after its update."""
    file.add("noise", random("training.noise", steps, batch, 6))
    file.add("images", torch.tanh(random("training.images", steps, batch, 12, 12, 2)))
    file.add("epsilon", torch.from_numpy(numpy.random.RandomState(7).uniform(size=(steps, batch))))

    def logistic(critic, real, fake, _):
        return F.softplus(-critic(real)).mean() + F.softplus(critic(fake)).mean()

    def wasserstein(critic, real, fake, epsilon):
        return critic(fake).mean() - critic(real).mean() + penalty(critic, real, fake, epsilon)

    train(file, "nonsaturating", True, logistic, lambda fake: F.softplus(-fake).mean(), lr=2e-3, betas=(0.5, 0.999))
    train(file, "wgan_gp", False, wasserstein, lambda fake: -fake.mean(), lr=2e-3, betas=(0.0, 0.9))
