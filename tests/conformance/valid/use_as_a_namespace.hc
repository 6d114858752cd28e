hypercuboid 1
# `as NAME`: members are reached by a dot; a word of the language may stand after it. Both forms go together.
#   Unit 116, max_pool nothing, conv 4 * 2
# expect S: params 124
use std.ops as ops
use "./used/blocks.hc" as blocks { base }

space S() on x: image(3, 8, 8) {
  require blocks.base == base and len(blocks.both) == 2
  out x -> blocks.Unit -> ops.max_pool(3) -> ops.conv(2)
}
