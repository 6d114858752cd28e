hypercuboid 1
# Names may hold digits and underscores, and be those of functions, types and Python.
#   3 * 2 + 2 * 2 + 2 * 2
# expect S: params 14
use std.ops { conv }

let lambda_ = 2
let __c2 = lambda_
block class_(len: int, int: int = len) on self { out self -> conv(int) }
block def(list: int) on image { out image -> conv(list) }

space S() on None: image(3, 8, 8) {
  let import_ = None -> conv(__c2)
  let yield = import_ -> class_(lambda_)
  out yield -> def(lambda_)
}
