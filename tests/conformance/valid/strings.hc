hypercuboid 1
# Strings are compared, stand in lists and are the labels of what goes through them.
# expect S: weights 2, groups 1, architectures 2, params 168
# expect S -p mode="wide": weights 2, groups 1, architectures 2, params 336
# decision S: out.kind | kind: thin; thick
#   thin: 3 * c, thick: 3 * c * 9; c = 4 or 8 with 12 + 108 = 120 or 24 + 216 = 240; linear 4 * 10 + 8 or 8 * 10 + 16
use std.ops { conv, gap, linear, bn }

param mode: string = "small" in ["small", "wide"]

space S() on x: image(3, 8, 8) {
  let c = 8 if mode == "wide" else 4
  require has(["small", "wide"], mode) and "a" != "b" else "`mode` must be small or wide: not this"
  out x -> choose kind in ["thin", "thick"] { conv(c, 1 if kind == "thin" else 3) } -> bn -> gap -> linear(10, bias = false)
}
