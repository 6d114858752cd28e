hypercuboid 1
# `use` comes first.
# error HC1002 at 5:1
let a = 1
use std.ops { conv }
