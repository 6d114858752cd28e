hypercuboid 1
# relu and relu6 count their output, affine bn twice its input; other activations, plain bn and layer_norm nothing.
#   relu 48, relu6 48, bn 2 * 48; params: bn 6, layer_norm 6
# expect S: params 12, macs 0, add_mult 192
use std.ops { relu, relu6, silu, gelu, tanh, sigmoid, hswish, softmax, bn, layer_norm, dropout, drop_path, identity }

space S() on x: image(3, 4, 4) {
  out x -> relu -> relu6 -> silu -> gelu -> tanh -> sigmoid -> hswish -> softmax -> bn -> bn(affine = false)
    -> layer_norm -> layer_norm(affine = false) -> dropout(0.1) -> drop_path -> identity
}
