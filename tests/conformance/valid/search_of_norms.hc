hypercuboid 1
# bn 2 * 8, layer_norm 2 * 8, none; conv 3 * 8.
# expect S: weights 3, groups 1, architectures 3, params 56, params_range 24..40
use std.ops { conv, bn, layer_norm, identity }

space S() on x: image(3, 8, 8) {
  out x -> conv(8) -> choose norm { batch: bn, layer: layer_norm, none: identity }
}
