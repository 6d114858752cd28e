hypercuboid 1
# `##` documents the item or statement after it, `#` is a comment; both may stand at the end of a line.
# expect S: params 12
use std.ops { conv } ## of the block

## Documents the block,
## in two lines.
block B(
  c: int, # filters
  ## of the parameter
  k: int = 1,
) on x { # the body
  ## Documents the statement.
  let y = x # -> nothing
  out y -> conv(c, k) # done
}

space S() on x: image(3, 8, 8) { out x -> B(4) } # the end
