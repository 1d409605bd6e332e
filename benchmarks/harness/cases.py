"""The cases of whole training steps, and the arithmetic that each step needs at least."""


def linear(inputs, outputs):
    return inputs * outputs


def convolution(channels, outputs, side, kernel=4):
    """Multiply-adds a sample; `side` is that of the output (of the input, if transposed)."""
    return channels * outputs * side * side * kernel * kernel


CIFAR_GENERATOR = [linear(100, 4096), convolution(256, 128, 4), convolution(128, 64, 8), convolution(64, 3, 16)]
CIFAR_DISCRIMINATOR = [convolution(3, 64, 16), convolution(64, 128, 8), convolution(128, 256, 4), linear(4096, 1)]
LAYERS = {
    "mlp_mnist": ([linear(100, 256), linear(256, 512), linear(512, 1024), linear(1024, 784)],
                  [linear(784, 512), linear(512, 256), linear(256, 1)]),
    "dcgan_mnist": ([linear(100, 6272), convolution(128, 64, 7), convolution(64, 1, 14)],
                    [convolution(1, 64, 14), convolution(64, 128, 7), linear(6272, 1)]),
    "dcgan_cifar": (CIFAR_GENERATOR, CIFAR_DISCRIMINATOR),
    "dcgan_64": ([convolution(100, 512, 1), convolution(512, 256, 4), convolution(256, 128, 8),
                  convolution(128, 64, 16), convolution(64, 3, 32)],
                 [convolution(3, 64, 32), convolution(64, 128, 16), convolution(128, 256, 8), convolution(256, 512, 4),
                  convolution(512, 1, 1)]),
    "wgangp_cifar": (CIFAR_GENERATOR, CIFAR_DISCRIMINATOR),
    "sngan_cifar": ([linear(128, 8192), convolution(512, 256, 4), convolution(256, 128, 8), convolution(128, 64, 16),
                     convolution(64, 3, 32, 3)],
                    [convolution(3, 64, 32, 3), convolution(64, 64, 16), convolution(64, 128, 16, 3),
                     convolution(128, 128, 8), convolution(128, 256, 8, 3), convolution(256, 256, 4),
                     convolution(256, 512, 4, 3), linear(8192, 1)]),
    "r3gan_cifar": (CIFAR_GENERATOR, CIFAR_DISCRIMINATOR),
}

STEPS = [("mlp_mnist", 64), ("mlp_mnist", 256), ("dcgan_mnist", 64), ("dcgan_cifar", 64), ("dcgan_64", 32),
         ("wgangp_cifar", 64), ("sngan_cifar", 64), ("r3gan_cifar", 64)]
SAMPLING = [("sample_cifar", 1), ("sample_cifar", 64)]


def operations(case, batch):
    """Of a step's products and convolutions, a multiply-add counted as two: forward, weight gradients and input
    gradients of each layer that needs them, none for the image, and none for the discriminator's weights in the
    generator's update. The penalty is a forward, an input gradient down to the image, and the same two once more."""
    if case == "sample_cifar":
        return 2.0 * batch * sum(CIFAR_GENERATOR)
    generator, discriminator = LAYERS[case]
    g, d = sum(generator), sum(discriminator)
    d_backward, g_backward = 2 * d - discriminator[0], 2 * g - generator[0]
    penalty = 4 * d
    update = d + d + g_backward
    step = g + 2 * (d + d_backward) + update
    if case == "wgangp_cifar":
        step = 5 * (g + 2 * (d + d_backward) + penalty) + g + update
    if case == "r3gan_cifar":  # a penalty on each of the two batches; the generator's loss asks for real logits too
        step += 2 * penalty + d
    return 2.0 * batch * step
