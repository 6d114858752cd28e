"""What the language promises of its standard library: every name, its arguments in order, and their defaults."""

from __future__ import annotations

import pytest

from hypercuboid.library import entries

PROMISED = {
    "std.ops": """
        conv(c, k = 1, stride = 1, dilation = 1, groups = 1, bias = false, padding = "same")
        dwconv(k = 3, stride = 1, dilation = 1, bias = false, padding = "same")
        linear(c, bias = true)
        bn(affine = true, eps = 1e-05, momentum = 0.1)
        layer_norm(affine = true, eps = 1e-05)
        group_norm(groups, affine = true, eps = 1e-05)
        relu()
        relu6()
        silu()
        gelu()
        tanh()
        sigmoid()
        hswish()
        softmax()
        identity()
        flatten()
        drop_path()
        dropout(p)
        max_pool(k = 3, stride = 1, padding = "same")
        avg_pool(k = 3, stride = 1, padding = "same", count_padding = false)
        gap()
        zero(stride = 1)
        resize(factor)
        split(n)
        channel_shuffle(groups)
        shift(n = 1)
        embed(vocab, d)
        position(t)
        attention(heads, causal = false)
    """,
    "std.blocks": """
        SharpSepConv(c, k = 3, stride = 1, dilation = 1, mid = c, affine = not searching)
        SepConv(c, k = 3, stride = 1, dilation = 1, mid = x.c, affine = not searching)
        DilConv(c, k = 3, stride = 1, dilation = 2, affine = not searching)
        ReLUConvBN(c, k = 1, stride = 1, affine = not searching)
        ConvBNReLU(c, k = 3, stride = 1, affine = not searching)
        FactorizedReduce(c, affine = not searching)
        Fit(c, affine = not searching)
        ResizablePool(c, k = 3, stride = 1, affine = not searching)
        ResizableAvgPool(c, k = 3, stride = 1, affine = not searching)
        MBConv(c, k = 3, expansion = 6, stride = 1)
        AuxiliaryHead(classes)
        Stem0(c)
        Stem1(c)
    """,
}
LISTS = {
    "std.darts.darts_primitives": "none max_pool_3x3 avg_pool_3x3 skip_connect sep_conv_3x3 sep_conv_5x5 dil_conv_3x3 "
    "dil_conv_5x5",
    "std.sharpdarts.sharpdarts_primitives": "none max_pool_3x3 skip_connect sep_conv_3x3 dil_conv_3x3 flood_conv_3x3 "
    "dil_flood_conv_3x3 choke_conv_3x3 dil_choke_conv_3x3",
    "std.sharpdarts.sharper_primitives": "none max_pool_3x3 avg_pool_3x3 skip_connect sep_conv_3x3 sep_conv_5x5 "
    "sep_conv_7x7 dil_conv_3x3 dil_conv_5x5 flood_conv_3x3 flood_conv_5x5 dil_flood_conv_3x3",
    "std.nasnet.nasnet_primitives": "none max_pool_3x3 avg_pool_3x3 skip_connect sep_conv_3x3 sep_conv_5x5 "
    "dil_conv_3x3 dil_conv_5x5 sep_conv_7x7 conv_7x1_1x7",
}
"""In the order of the columns of the architecture weights."""


@pytest.mark.parametrize("library", PROMISED)
def test_the_library_has_every_signature(library: str) -> None:
    found = {one.signature for one in entries() if one.library == library}
    promised = {line.strip() for line in PROMISED[library].strip().splitlines()}
    assert promised - found == set()


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_its_primitives_in_order(name: str) -> None:
    (found,) = (one for one in entries() if f"{one.library}.{one.name}" == name)
    assert list(found.elements) == LISTS[name].split()


def test_every_primitive_takes_filters_and_stride() -> None:
    primitives = {primitive for listed in LISTS.values() for primitive in listed.split()}
    found = [one for one in entries() if one.name in primitives]
    assert primitives == {one.name for one in found}
    for one in found:
        first, second = one.arguments[:2]
        assert (first.name, first.default, second.name, second.default) == ("c", None, "stride", "1"), one.name
        assert all(argument.default is not None for argument in one.arguments[2:])
