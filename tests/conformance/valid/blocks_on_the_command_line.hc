hypercuboid 1
# A block is a target too, with its arguments in parentheses. SharpSepConv, flood: mid = 4 * c.
#   4 * 9 + 4 * 32 + 64 + 32 * 9 + 32 * 8 + 16 = 788, as a model with affine norms
# expect SharpSepConv(8, mid = 32) --input 4x8x8: params 788, decided true
# expect Sizes --input a=4 --input b=6: params 33
use std.ops { conv, dwconv, bn, relu, linear }

block Sizes() on a, b { out (a, b) -> linear(3) }

block SharpSepConv(c: int, k: int = 3, mid: int = c, affine: bool = not searching) on x {
  out x -> relu -> dwconv(k) -> conv(mid) -> bn(affine) -> relu -> dwconv(k) -> conv(c) -> bn(affine)
}
