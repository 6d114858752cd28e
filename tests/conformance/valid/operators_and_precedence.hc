hypercuboid 1
# Powers bind to the right and tighter than the sign; `//` and `%` round down; comparison is looser than arithmetic.
# expect S: architectures 1, params 0
use std.ops { identity }

space S() on x: vector(4) {
  require 2 + 3 * 4 == 14 and (2 + 3) * 4 == 20
  require 2 ** 3 ** 2 == 512 and (2 ** 3) ** 2 == 64
  require -2 ** 2 == -4 and (-2) ** 2 == 4
  require 2 ** -1 == 0.5 and 4 ** 0.5 == 2
  require 7 // 2 == 3 and -7 // 2 == -4 and 7 % 3 == 1 and -7 % 3 == 2
  require 10 - 3 - 2 == 5 and 24 // 4 // 2 == 3 and 2 * 7 % 5 == 4
  require 1 + 1 < 3 and 3 <= 3 and 4 > 3 and 4 >= 4 and 1 != 2
  require not 1 > 2 and not (true and false)
  require (true or false and false) and not (false or not true)
  require (1 if 2 > 1 else 0) + 1 == 2
  require (1 if false else 2 if false else 3) == 3
  out x -> identity
}
