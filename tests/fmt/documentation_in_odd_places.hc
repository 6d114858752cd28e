hypercuboid 1
let a = b ## of the next item
let c = [1, ## before two
2]
let ## before a name
d = 3
block B() on x { ## of the result
out x ## before the brace
} ## at the end
