

# Before the file.
hypercuboid 1 # behind the first line
# Before the first use.
use std.ops { # behind the brace
  conv, # behind an element
  # before an element
  bn # behind the last
  # before the end
}
# Behind the uses.

# A section.


## Of the item.
# Between documentation and item.
let a = [ # behind the bracket
1, 2, # behind two
# before three

# before three, after an empty line
3
, # behind the comma
# before the bracket
] # behind the bracket
let b = f(
  # nothing but this
)
let # in the midst
c = # of a
d # statement
let e = x
# before the first arrow
-> f # behind a stage
# before the second arrow
-> g
let f = a # behind an operand
+ b + # behind an operator
c
let g = choose {
  # before the first label
  a: b, # behind an alternative
  # between
  c: d, # behind the last

  # before the brace
}
let h = [ # behind
a # behind the element
for a in b # behind the clause
]
let i = sum j in p { # behind
# before the body
h[j] # behind the body
# before the end
}
let j = x -> f # not a column
           -> g
block B(
# before a parameter
c: int, # behind a parameter
) on x { # behind the header

# before a statement

let a = 1 # short
let bcd = 12345 # and longer, not aligned before
let e   = 1   # in one
let f   = 234 # column

## Documentation of a statement.
out x # behind the result

# before the end


} # behind the end
# right after
block C() on x { out x } # behind one line
block D() on x { out x # behind what stood on one line
}
arch A of B() {
# nothing but this
}
arch E of B() { # behind
pick a = [ # behind
0: b, # first
# before the second
1: c
]
# before a pick
pick b = c # behind a pick

pick d = e
}
search S of B {
epochs = 3 # behind a setting
# before the end
}
# Before the end of the file,

# in two parts.


