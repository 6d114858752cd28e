## Of the file.
hypercuboid   1
use std.ops{conv,bn,}
use   "./b.hc"   as   mine{ B }
param classes:int=10 in 2 .. 100001
param widths : list( int )=[ 8,16, ]
let   a=( 1,2 )
let b=((a))
let c=1e-3+1.50
let d=- a ** - 2
let e=h[ 0 .. 3 ]+h[ ..i ]+h[ i-2 .. ]+h[1,j]
let f=[p for(p,q)in zip(a,b)if p<q for r in p]
let g=x->f if not c else g
let h=choose{k3:3,k5:5,}
let i=choose n{a:x->f}(3)
let j=sum top 2 j in 0..i,(a,b)in p where j<k{h[j]}
let k=scan s from x over t in xs{s+t}
let l=(x->f)(c,k=3)[0].c
let m=a or b and not c==d
let n="a  string # of text"
let o=concat(a,b [1..])
cell C=B( 1 )
search S of T{epochs=60}
block Add()on a,b{out a+b}
space Q(c:int,ops:list(block)=[ ],t:tuple(int,int)=(1,2))on x:image(3,h,w),y{
node n[ i in 0..3,1 ]=x
share w=conv( c )
require c>3 else"no # comment"
aux n[0]
cuboid q from n{state(a,b)in p where a<b
depth layer in 0..3
choice op in[ f,g ]where has(p,op)
compete per(layer,b)
let z=1
out q[a]}
out q
}
arch A of Q(c=3)partial{pick q.n[ 2 ]=[0:a,1:b]
keep q[layer=0]=[8->16:(3,1),16->8:(5,1)]
pick out.k=a(k=3)
}
arch B of Q(){}
