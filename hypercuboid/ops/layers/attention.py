"""Scaled dot-product attention without projections (Vaswani et al. 2017, Eq. 1)."""

import torch
from torch import nn
from torch.nn import functional as F


class Attention(nn.Module):
    """Attention in `heads` slices of the features of q, k, v: (n, t, d) each."""

    def __init__(self, heads: int, causal: bool = False) -> None:
        super().__init__()
        self.heads = heads
        self.causal = causal

    def forward(
        self,
        q: torch.Tensor,
        k: torch.Tensor,
        v: torch.Tensor,
    ) -> torch.Tensor:
        q, k, v = self.slices(q), self.slices(k), self.slices(v)
        x = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        return x.transpose(1, 2).flatten(-2)

    def slices(self, x: torch.Tensor) -> torch.Tensor:
        """(n, t, d) as (n, heads, t, d / heads)."""
        n, t, d = x.shape
        return x.view(n, t, self.heads, d // self.heads).transpose(1, 2)
