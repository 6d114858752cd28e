hypercuboid 1
# Lines may end as on Windows; tabs are blanks. 3 * 4 + 3 * 4 * 9.
# expect S: weights 2, groups 1, architectures 2, params 120
use std.ops { conv }

space S() on x: image(3, 8, 8) {
	out x -> choose k in [1, 3] { conv(4, k) }
}
