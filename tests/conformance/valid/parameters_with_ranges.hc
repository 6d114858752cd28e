hypercuboid 1
# A range is half open, a list names the values that are allowed; both are checked for defaults too.
# expect S: params 24
# expect S -p c=4 -p mode="deep" -p rate=0.5: params 28
use std.ops { conv, dropout }

param c: int = 8 in 1..9
param mode: string = "flat" in ["flat", "deep"]
param rate: float = 0 in [0, 0.5]
param flag: bool = false

space S() on x: image(3, 8, 8) {
  let y = x -> conv(c) -> dropout(rate)
  require not flag
  out y -> conv(c) if mode == "deep" else y
}
