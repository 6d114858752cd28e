hypercuboid 1
# A requirement may speak of sums over lists: here the widths of all stages.
#   3 * 4 + 4 * 8 + 8 * 8 = 108
# expect S: params 108
# expect S -p widths=[2,2]: params 10
use std.ops { conv }

space S(widths: list(int) = [4, 8, 8]) on x: image(3, 8, 8) {
  require sum(widths) <= 20 and len(widths) > 0 else "at most 20 filters in all"
  require min(widths) >= 2
  out x -> chain c in widths { conv(c) }
}
