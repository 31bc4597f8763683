"""One whole training iteration in PyTorch, as the peer of `bench -- peer`: 3 discriminator steps with gradient penalty, 3 generator steps.

Speaks JSON lines: first argument {"height", "width", "channels", "threads"}; then for each line on stdin, a number, so many iterations are
run and their {"seconds"} printed. Written to PyTorch's advantage where the method leaves a choice: no graph for the fake of a discriminator step,
no gradients of D's weights in a generator step, no biases before batch norm.
"""
import json
import sys
import time

import torch
from torch import nn

options = json.loads(sys.argv[1])
height, width, channels = options["height"], options["width"], options["channels"]
torch.set_num_threads(options["threads"])
torch.manual_seed(1)

STEPS, MARGIN, SLOPE = 3, 5, 0.2


def block(inputs):
    return nn.Sequential(nn.Conv2d(inputs, channels, 3, bias=False), nn.BatchNorm2d(channels), nn.LeakyReLU(SLOPE))


def net(outputs):
    return nn.Sequential(block(3), block(channels), block(channels), block(channels), nn.Conv2d(channels, outputs, 3))


generator, discriminator = net(3), net(1)
for module in [*generator.modules(), *discriminator.modules()]:
    if isinstance(module, nn.Conv2d):
        nn.init.normal_(module.weight, 0, 0.02)
    if isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1, 0.02)
adam_g, adam_d = (torch.optim.Adam(m.parameters(), lr=5e-4, betas=(0.5, 0.999)) for m in (generator, discriminator))
real, noise, previous = (torch.rand(1, 3, height, width) * 2 - 1 for _ in range(3))


def generate():
    padded = nn.functional.pad(0.1 * noise + previous, (MARGIN,) * 4)
    return torch.tanh(generator(padded)) + previous


def discriminator_step():
    with torch.no_grad():
        fake = generate()
    adam_d.zero_grad(set_to_none=True)
    mixed = (0.5 * real + 0.5 * fake).requires_grad_(True)
    (gradient,) = torch.autograd.grad(discriminator(mixed).sum(), mixed, create_graph=True)
    penalty = ((gradient.norm(2, dim=1) - 1) ** 2).mean()
    (-discriminator(real).mean() + discriminator(fake).mean() + 0.1 * penalty).backward()
    adam_d.step()


def generator_step():
    adam_g.zero_grad(set_to_none=True)
    discriminator.requires_grad_(False)
    (-discriminator(generate()).mean() + 10 * nn.functional.mse_loss(generate(), real)).backward()
    discriminator.requires_grad_(True)
    adam_g.step()


def iteration():
    for _ in range(STEPS):
        discriminator_step()
    for _ in range(STEPS):
        generator_step()


print(json.dumps({"version": torch.__version__, "isa": torch.backends.cpu.get_cpu_capability()}), flush=True)
for count in sys.stdin:
    start = time.perf_counter()
    for _ in range(int(count)):
        iteration()
    print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)
