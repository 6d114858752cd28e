hypercuboid 1
# Line ends that people set are kept where the language goes on; others are not.
let
a
=
b
let c = x -> f
-> g
let d = x -> f ->
g
let e = a
or b and
c
let f = a if b
else c
let g = f(a,
b)
let h = f(
a, b,
c)
let i = [
1, 2


,3,

4]
let j = f([
1])
let k = (
a + b)
let l = x -> chain i in p {
f } -> g
let m = x
-> chain i in p {
let a = 1
out choose op in p { op } }
-> g
let n = chain i in p { let a = 1 out a }
let o = choose op {
a: f, b: g }
let p = [a
for a in b
if a]
let q = sum j in 0..i {
h[j] }
let r = h[
0..3]
