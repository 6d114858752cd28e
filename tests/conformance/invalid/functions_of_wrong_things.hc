hypercuboid 1
# error HC3010 at 8:9
# error HC3010 at 9:9
# error HC3010 at 10:9
# error HC3010 at 11:9
# error HC3010 at 12:9
# error HC3010 at 13:9
let a = len(3)
let b = max("a", "b")
let c = min([])
let d = abs([1])
let e = zip([1], [1, 2])
let f = has(3, 3)
