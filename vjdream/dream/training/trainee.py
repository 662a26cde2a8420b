"""A dreamnet as long as it learns: with batch normalisation, which its dreams do without."""

import torch
from torch import Tensor, nn

from vjdream.dream.dreamnet import DreamNet

MOST_DRIFT = 0.02
"""How far a logit may move when normalisation joins the convolutions, in float32."""


class Trainee(nn.Module):
    """A dreamnet with batch normalisation after each convolution but the logits."""

    def __init__(self, network: DreamNet) -> None:
        super().__init__()
        self.network = network
        self.norms = nn.ModuleDict()
        for name, width in network.description.layers[:-1]:
            norm = nn.BatchNorm2d(width, momentum=0.05)
            self.norms[name.replace(".", "_")] = norm
            layer = network.get_submodule(name)
            layer.register_forward_hook(lambda _layer, _input, output, norm=norm: norm(output))

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the mean logits (n, classes) of pictures (n, 3, h, w)."""
        logits: Tensor = self.network(pictures)
        return logits.mean((2, 3))

    @torch.no_grad()
    def adopt(self, pictures: Tensor) -> None:
        """Go on from a network that was folded: normalisation changes nothing at first.

        Args:
            pictures: (n, 3, h, w) of the kind that will be learnt from.
        """

        def match(module: nn.Module, inputs: tuple[Tensor]) -> None:
            assert isinstance(module, nn.BatchNorm2d)
            assert module.running_mean is not None
            assert module.running_var is not None
            variance, mean = torch.var_mean(inputs[0].float(), dim=(0, 2, 3), correction=0)
            module.running_mean.copy_(mean)
            module.running_var.copy_(variance)
            module.bias.copy_(mean)
            module.weight.copy_(torch.sqrt(variance + module.eps))

        hooks = [norm.register_forward_pre_hook(match) for norm in self.norms.values()]
        self.eval()(pictures)
        for hook in hooks:
            hook.remove()
        self.train()

    @torch.no_grad()
    def folded(self) -> DreamNet:
        """The same network without normalisation: its scale and shift join the convolutions."""
        result = DreamNet(self.network.description)
        result.load_state_dict(
            {name: value.clone() for name, value in self.network.state_dict().items()}
        )
        for name, _ in self.network.description.layers[:-1]:
            norm = self.norms[name.replace(".", "_")]
            assert isinstance(norm, nn.BatchNorm2d)
            assert norm.running_mean is not None
            assert norm.running_var is not None
            layer = result.get_submodule(name)
            assert isinstance(layer, nn.Conv2d)
            assert layer.bias is not None
            scale = norm.weight.cpu() / torch.sqrt(norm.running_var.cpu() + norm.eps)
            layer.weight.mul_(scale[:, None, None, None])
            layer.bias.copy_((layer.bias - norm.running_mean.cpu()) * scale + norm.bias.cpu())
        return result.eval().to(memory_format=torch.channels_last)
